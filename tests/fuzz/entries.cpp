#include "entries.hpp"

#include <bson/bson.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "decode/decoders.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace sluice::engine {
namespace {

void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", promise);
  std::abort();
}

std::string bytes_of(bson::View view) { return {reinterpret_cast<const char*>(view.data()), view.size()}; }

void require_sound(bson::View document) {
  bson_t bson;
  require(bson_init_static(&bson, document.data(), document.size()), "libbson takes the document");
  const auto flags = static_cast<bson_validate_flags_t>(BSON_VALIDATE_UTF8 | BSON_VALIDATE_UTF8_ALLOW_NULL);
  require(bson_validate(&bson, flags, nullptr), "libbson finds the document valid");
}

void require_refusal(const Error& error) {
  require(to_text(error.code).starts_with("decode."), "a refusal has a code of decoding");
  require(!error.message.empty() && error.message.size() < 4096, "a refusal has a reason of some length");
}

// Our JSON of a document must come back as the same bytes.
void require_round_trip(bson::View document) {
  const std::string before = bytes_of(document);
  std::string json;
  write_extended(document, json);
  JsonReader reader({.bytes = std::size_t{256} << 20U, .depth = 1000, .keys = 100'000'000});
  const auto again = reader.read_extended(json);
  require(again.ok(), "our own JSON is read again");
  require(bytes_of(*again) == before, "JSON and back gives the same document");
}

void fuzz_json(std::string_view bytes) {
  JsonReader reader;
  const auto document = reader.read_plain(bytes);
  if (!document) return require_refusal(document.error());
  require_sound(*document);
  // A name such as $date would mean something else when it is read again.
  if (bytes.find('$') == std::string_view::npos && bytes.find("\\u") == std::string_view::npos)
    require_round_trip(*document);
}

void fuzz_extended_json(std::string_view bytes) {
  JsonReader reader;
  const auto document = reader.read_extended(bytes);
  if (!document) return require_refusal(document.error());
  require_sound(*document);
  std::string json;
  write_extended(*document, json);
}

void check(Decoder& decoder, const Record& record) {
  Event event;
  const auto decoded = decoder.decode(record, event);
  if (!decoded) return require_refusal(decoded.error());
  if (*decoded != Decoded::event) return;
  require(!event.type.empty(), "an event has a type");
  require(event.record == &record, "an event knows its record");
  const auto payload = decoder.payload();
  if (!payload) return require_refusal(payload.error());
  require_sound(*payload);
  require(decoder.payload().ok(), "a payload is given as often as it is asked for");
}

// The bytes as the value, under several sets of headers; then, with a good value, as key and all headers, and
// as each header alone.
void fuzz_decoder(std::string_view name, std::span<const std::pair<std::string, std::string>> settings,
                  std::span<const Header> headers, std::string_view good, std::string_view bytes) {
  const DecoderSpec* spec = find_decoder(name);
  Options options = default_options(spec->options);
  for (const auto& [option, value] : settings) options.set(option, value);
  const auto decoder = spec->make(options);

  Record record;
  record.topic = "outbox.event.user";
  record.key = "\"key\"";
  record.value = bytes;
  check(*decoder, record);
  record.headers = headers;
  check(*decoder, record);

  std::vector<Header> fuzzed(headers.begin(), headers.end());
  for (Header& header : fuzzed) header.value = bytes;
  record.headers = fuzzed;
  record.key = bytes;
  record.value = good;
  check(*decoder, record);

  for (std::size_t i = 0; i < headers.size(); ++i) {
    fuzzed.assign(headers.begin(), headers.end());
    fuzzed[i].value = bytes;
    record.headers = fuzzed;
    check(*decoder, record);
  }
}

void fuzz_debezium_outbox(std::string_view bytes) {
  const std::array<Header, 1> headers{Header{"__op", "c"}};
  fuzz_decoder("debezium_outbox", {}, headers, R"({"event_id":"e","event_type":"T","payload":"{}"})", bytes);
}

// What a decoder says of bytes, in one text.
std::string answer(Decoder& decoder, std::string_view bytes) {
  Record record;
  record.topic = "postgres.activity.event_outbox";
  record.value = bytes;
  Event event;
  const auto decoded = decoder.decode(record, event);
  if (!decoded) return std::string(to_text(decoded.error().code)) + decoded.error().message;
  if (*decoded != Decoded::event) return "passed over";
  std::string all = event.origin ? std::to_string(event.origin->place) : "no origin";
  for (const std::string_view part : {event.id, event.type, event.aggregate_id, event.payload_json})
    all.append("|").append(part);
  return all;
}

// The bytes after two records of one form: a decoder that knows the form says of them what one says that has
// seen nothing yet.
void fuzz_usual_envelope(std::string_view bytes) {
  constexpr std::string_view first =
      R"({"before":null,"after":{"event_id":"1","event_type":"T","payload":"{\"a\":1}"},)"
      R"("source":{"sequence":"[\"1\",\"2\"]","snapshot":"false","ts_ms":7},"op":"c","ts_ms":1})";
  constexpr std::string_view second =
      R"({"before":null,"after":{"event_id":"2","event_type":"U","payload":"{}"},)"
      R"("source":{"sequence":"[null,\"3\"]","snapshot":"true","ts_ms":8},"op":"r","ts_ms":2})";
  const DecoderSpec* spec = find_decoder("debezium_outbox");
  const Options options = default_options(spec->options);
  const auto learned = spec->make(options);
  for (const std::string_view good : {first, second})
    require(answer(*learned, good).find('|') != std::string::npos, "a good record is an event");
  require(answer(*learned, bytes) == answer(*spec->make(options), bytes),
          "what a decoder says does not depend on what it has seen");
}

void fuzz_outbox_row(std::string_view bytes) {
  const std::array<Header, 5> headers{Header{"id", "e"}, Header{"eventType", "T"},
                                      Header{"aggregateType", "user"}, Header{"aggregateId", "u"},
                                      Header{"createdAt", "2026-11-21T08:06:32Z"}};
  fuzz_decoder("outbox_row", {}, headers, R"("{\"a\":1}")", bytes);
}

void fuzz_outbox_router(std::string_view bytes) {
  const std::array<Header, 3> headers{Header{"eventType", "T"}, Header{"id", "\"e\""},
                                      Header{"createdAt", "1"}};
  fuzz_decoder("outbox_router", {}, headers, R"("{\"a\":1}")", bytes);
}

void fuzz_cloudevents(std::string_view bytes) {
  const std::array<Header, 5> headers{Header{"ce_specversion", "1.0"}, Header{"ce_id", "e"},
                                      Header{"ce_source", "s"}, Header{"ce_type", "T"},
                                      Header{"ce_time", "2026-11-21T08:06:32Z"}};
  fuzz_decoder("cloudevents", {}, headers, R"({"a":1})", bytes);
}

void fuzz_plain(std::string_view bytes) {
  const std::array<std::pair<std::string, std::string>, 4> settings{std::pair{"type", "field:event_type"},
                                                                    {"id", "field:event_id"},
                                                                    {"created_at", "header:at"},
                                                                    {"payload", "value"}};
  const std::array<Header, 1> headers{Header{"at", "1"}};
  fuzz_decoder("plain", settings, headers, R"({"event_type":"T","event_id":"e"})", bytes);
}

constexpr std::array entries{
    FuzzEntry{"json", fuzz_json},
    FuzzEntry{"extended_json", fuzz_extended_json},
    FuzzEntry{"debezium_outbox", fuzz_debezium_outbox},
    FuzzEntry{"usual_envelope", fuzz_usual_envelope},
    FuzzEntry{"outbox_row", fuzz_outbox_row},
    FuzzEntry{"outbox_router", fuzz_outbox_router},
    FuzzEntry{"cloudevents", fuzz_cloudevents},
    FuzzEntry{"plain", fuzz_plain},
};

}  // namespace

std::span<const FuzzEntry> fuzz_entries() { return entries; }

}  // namespace sluice::engine
