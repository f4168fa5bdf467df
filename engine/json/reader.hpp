// JSON to BSON.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "json/limits.hpp"
#include "sluice/bson.hpp"

namespace sluice::engine {

// One instance for each thread: it keeps the parser's memory and a padded scratch buffer.
class JsonReader {
 public:
  explicit JsonReader(JsonLimits limits = {});
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;

  // A JSON object of plain JSON, such as an event's payload. The view is valid until the next call.
  //
  // Numbers: a whole number becomes int32 if it fits, else int64; one beyond int64 becomes a decimal128 if it
  // has at most 34 significant digits (so that 12345678901234567890 and 1e300 in 301 digits stay exact), else
  // the nearest double. A number with point or exponent becomes a double; one that would be infinite is
  // refused (decode.bad_number). -0 is the double -0.0.
  // Refused: not JSON, trailing bytes or lone surrogates (decode.not_json), not UTF-8 (not_utf8), no object
  // (decode.bad_field), limits (too_large, too_deep, too_many_keys), a key twice (duplicate_key), a key that
  // is "_sluice" or holds U+0000 (reserved_name).
  [[nodiscard]] Result<bson::View> read_plain(std::string_view json);

  // Relaxed or canonical Extended JSON version 2, as write_extended() makes: {"$date": …}, {"$oid": …}, ….
  [[nodiscard]] Result<bson::View> read_extended(std::string_view json);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::engine
