// What all decoders ask first of a record's value.
#pragma once

#include <string_view>

#include "core/json_tokens.hpp"
#include "core/record.hpp"
#include "core/result.hpp"

namespace sluice::engine {

// Opens the record's value as JSON. empty, avro (the Confluent wire format begins with a zero byte),
// too_large, not_utf8, not_json. Precondition: the record has a value.
[[nodiscard]] Result<void> open_value(const Record& record, JsonTokens& tokens);

// Kafka Connect's JsonConverter with schemas writes {"schema":…,"payload":…}, just these two in this order.
// enter() stands at the payload's value then, and says so; else the tokens stand where they stood. What is
// inside must be taken before leave(), which takes the end.
[[nodiscard]] bool enter_schema_wrapper(JsonTokens& tokens);
[[nodiscard]] bool leave_schema_wrapper(JsonTokens& tokens);

}  // namespace sluice::engine
