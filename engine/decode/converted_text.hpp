// A key or header as one of Kafka Connect's converters wrote it: UserCreated, "UserCreated", or
// {"schema":…,"payload":"UserCreated"}.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/record.hpp"
#include "decode/schema_wrapper.hpp"
#include "json/tokens.hpp"

namespace sluice::engine {

class ConvertedText {
 public:
  explicit ConvertedText(const JsonLimits& limits) : tokens_(limits) {}

  // The text itself, valid until the next call and as long as `raw`. What cannot be unpacked is given as it
  // is.
  [[nodiscard]] std::string_view read(std::string_view raw);

 private:
  JsonTokens tokens_;
  SchemaWrapper wrapper_;
};

// The last header of that name, as Kafka's lastHeader(); none if there is none or its value is null.
[[nodiscard]] std::optional<std::string_view> find_header(std::span<const Header> headers,
                                                          std::string_view name);

}  // namespace sluice::engine
