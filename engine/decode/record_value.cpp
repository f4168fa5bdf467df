#include "decode/record_value.hpp"

namespace sluice::engine {
namespace {

// True when the tokens stand behind "payload": of an object that began with "schema".
bool at_wrapped_payload(JsonTokens& tokens) {
  std::string_view name;
  std::string_view schema;
  return tokens.take('{') && tokens.token() == "\"schema\"" && tokens.take_name(name) &&
         (tokens.first() == '{' || tokens.first() == 'n') && tokens.take_value(schema) && tokens.take(',') &&
         tokens.token() == "\"payload\"" && tokens.take_name(name);
}

}  // namespace

Result<void> open_value(const Record& record, JsonTokens& tokens) {
  const std::string_view value = *record.value;
  if (value.empty()) return Error{Code::decode_empty, "the record's value is empty (0 bytes)"};
  if (value.front() == '\0') {
    std::string reason =
        "the value begins with the byte 0x00: Avro, Protobuf or JSON Schema in the Confluent wire format";
    return Error{Code::decode_avro, reason + "; sluice reads JSON: set value.converter to JsonConverter"};
  }
  return tokens.open(value);
}

bool enter_schema_wrapper(JsonTokens& tokens) {
  const JsonTokens::Mark start = tokens.mark();
  if (at_wrapped_payload(tokens) && tokens.at_last_member()) return true;
  tokens.rewind(start);
  return false;
}

bool leave_schema_wrapper(JsonTokens& tokens) {
  return (tokens.take('}') || tokens.expected("'}' at the end of {\"schema\": …, \"payload\": …}")) &&
         tokens.take_end();
}

}  // namespace sluice::engine
