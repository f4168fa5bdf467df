// What all decoders ask first of a record's value.
#pragma once

#include "base/result.hpp"
#include "core/record.hpp"
#include "decode/schema_wrapper.hpp"
#include "json/tokens.hpp"

namespace sluice::engine {

// Opens the record's value as JSON. empty, avro (the Confluent wire format begins with a zero byte),
// too_large, not_utf8, not_json. Precondition: the record has a value.
[[nodiscard]] Result<void> open_value(const Record& record, JsonTokens& tokens);

// As well, and enters the value's schema wrapper, if it has one.
[[nodiscard]] Result<void> open_value(const Record& record, SchemaWrapper& wrapper, JsonTokens& tokens);

}  // namespace sluice::engine
