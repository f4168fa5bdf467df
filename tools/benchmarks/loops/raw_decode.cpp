#include "raw_decode.hpp"

#include "raw_payload.hpp"

namespace ondemand = simdjson::ondemand;

bool RawDecode::operator()(std::string_view value, bson_t& document) {
  envelope_text_.assign(value);
  envelope_text_.reserve(value.size() + simdjson::SIMDJSON_PADDING);
  ondemand::document envelope;
  if (envelope_parser_.iterate(envelope_text_).get(envelope) != simdjson::SUCCESS) return false;
  ondemand::object whole;
  if (envelope.get_object().get(whole) != simdjson::SUCCESS) return false;
  ondemand::object row;
  auto payload = whole.find_field_unordered("payload");  // there with schemas
  if (payload.error() == simdjson::SUCCESS) {
    ondemand::object inner;
    if (payload.get_object().get(inner) != simdjson::SUCCESS ||
        inner.find_field_unordered("after").get_object().get(row) != simdjson::SUCCESS)
      return false;
  } else if (whole.find_field_unordered("after").get_object().get(row) != simdjson::SUCCESS) {
    return false;
  }
  std::string_view event_id;
  std::string_view type;
  std::string_view text;
  if (row.find_field_unordered("event_id").get_string().get(event_id) != simdjson::SUCCESS ||
      row.find_field_unordered("event_type").get_string().get(type) != simdjson::SUCCESS ||
      row.find_field_unordered("payload").get_string().get(text) != simdjson::SUCCESS)
    return false;
  payload_text_.assign(text);
  payload_text_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  ondemand::document content;
  ondemand::object fields;
  if (payload_parser_.iterate(payload_text_).get(content) != simdjson::SUCCESS ||
      content.get_object().get(fields) != simdjson::SUCCESS)
    return false;
  const std::string_view id_field = type == "UserCreated" ? "user_id" : "activity_id";
  std::string_view id;
  if (fields.find_field_unordered(id_field).get_string().get(id) != simdjson::SUCCESS) return false;
  if (!bson_append_utf8(&document, "_id", 3, id.data(), static_cast<int>(id.size()))) return false;
  fields.reset();
  return append_fields(fields, document);
}
