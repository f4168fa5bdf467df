// BSON to JSON.
#pragma once

#include <string>
#include <string_view>

#include "sluice/bson.hpp"

namespace sluice::engine {

// Appends the document as relaxed Extended JSON version 2 on one line. Doubles keep a point or exponent, so
// that they come back as doubles ("1.0"); int64 beyond 2^53 stays a plain number; dates from 1970 to 9999 are
// {"$date":"2026-11-21T08:06:32.584Z"}.
void write_extended(bson::View document, std::string& out);
void write_extended(const bson::Value& value, std::string& out);

// Appends a JSON string with its quotes.
void write_json_string(std::string_view text, std::string& out);

}  // namespace sluice::engine
