#include "decode/record_value.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sluice::engine {
namespace {

// Why it cannot be JSON, as its first byte tells.
std::optional<Error> refusal(std::string_view value) {
  if (value.empty()) return Error{Code::decode_empty, "the record's value is empty (0 bytes)"};
  if (value.front() != '\0') return std::nullopt;
  std::string reason =
      "the value begins with the byte 0x00: Avro, Protobuf or JSON Schema in the Confluent wire format";
  return Error{Code::decode_avro, reason + "; sluice reads JSON: set value.converter to JsonConverter"};
}

}  // namespace

Result<void> open_value(const Record& record, JsonTokens& tokens) {
  if (auto refused = refusal(*record.value)) return *std::move(refused);
  return tokens.open(*record.value);
}

Result<void> open_value(const Record& record, SchemaWrapper& wrapper, JsonTokens& tokens) {
  if (auto refused = refusal(*record.value)) return *std::move(refused);
  return wrapper.open(*record.value, tokens);
}

}  // namespace sluice::engine
