#include "decoding.hpp"

#include <bson/bson.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "json/writer.hpp"

namespace sluice::engine {

std::unique_ptr<Decoder> decoder(std::string_view name, const std::map<std::string, std::string>& options) {
  const DecoderSpec* spec = find_decoder(name);
  if (spec == nullptr) throw std::invalid_argument("no such decoder");
  Options values = default_options(spec->options);
  for (const auto& [option, text] : options) {
    const auto found = std::find_if(spec->options.begin(), spec->options.end(),
                                    [&option = option](const OptionSpec& one) { return one.name == option; });
    if (found == spec->options.end()) throw std::invalid_argument("no such option: " + option);
    values.set(option, parse_option(*found, text).value());
  }
  return spec->make(values);
}

Answer decode(Decoder& decoder, const Record& record) {
  Answer answer;
  Event event;
  const Result<Decoded> decoded = decoder.decode(record, event);
  answer.origin = event.origin;
  if (!decoded) {
    answer.code = decoded.error().code;
    answer.reason = decoded.error().message;
    return answer;
  }
  answer.passed_over = *decoded == Decoded::passed_over;
  answer.is_event = *decoded == Decoded::event;
  if (!answer.is_event) return answer;
  EXPECT_EQ(event.record, &record);
  answer.id = event.id;
  answer.type = event.type;
  answer.aggregate_type = event.aggregate_type;
  answer.aggregate_id = event.aggregate_id;
  if (event.created) answer.created = to_text(*event.created);
  if (event.captured) answer.captured = to_text(*event.captured);
  answer.payload_json = event.payload_json;
  if (const auto payload = decoder.payload()) {
    answer.payload.assign(reinterpret_cast<const char*>(payload->data()), payload->size());
  } else {
    answer.payload_code = payload.error().code;
    answer.payload_reason = payload.error().message;
  }
  return answer;
}

Answer decode(Decoder& decoder, const Sent& sent) {
  std::vector<Header> headers;
  for (const auto& [name, value] : sent.headers) headers.push_back({name, value});
  Record record;
  record.topic = sent.topic;
  record.key = sent.key;
  record.value = sent.value;
  record.headers = headers;
  return decode(decoder, record);
}

std::string libbson(std::string_view json) {
  bson_error_t error;
  bson_t* bson = bson_new_from_json(reinterpret_cast<const std::uint8_t*>(json.data()),
                                    static_cast<ssize_t>(json.size()), &error);
  if (bson == nullptr) return error.message;
  std::string bytes(reinterpret_cast<const char*>(bson_get_data(bson)), bson->len);
  bson_destroy(bson);
  return bytes;
}

std::string shown(const std::string& bson) {
  std::string text;
  write_extended(bson::View(reinterpret_cast<const std::uint8_t*>(bson.data())), text);
  return text;
}

}  // namespace sluice::engine
