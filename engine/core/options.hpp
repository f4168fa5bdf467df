// Options of connectors and plugins: each declares a table of specs, and that table alone yields the checks,
// the defaults, the reference documentation and the JSON Schema.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace sluice::engine {

enum class OptionType : std::uint8_t {
  text,
  boolean,
  integer,
  number,
  duration,  // "20ms", "2m"; held in microseconds
  bytes,     // "4MiB"; held in bytes
  path,      // text; relative to the folder of the configuration file
  texts,     // a list of texts, or one
  map,       // text to text
};

struct OptionSpec {
  std::string name{};
  OptionType type = OptionType::text;
  std::optional<std::string> fallback{};  // as written in YAML, "" for a text, list or map that may stay
                                          // away; none: the option is required
  std::string help{};                     // one line, ends without a full stop
  bool secret = false;
  std::vector<std::string> choices{};     // of a text, upper or lower case; empty: any
  std::optional<std::int64_t> minimum{};  // of integer, duration (microseconds) and bytes
  std::optional<std::int64_t> maximum{};
};

using OptionTexts = std::vector<std::string>;
using OptionMap = std::map<std::string, std::string>;
using OptionValue = std::variant<std::string, bool, std::int64_t, double, OptionTexts, OptionMap>;

// Checked values, one for each spec. Asking for a name or type that was not declared is a bug of the caller
// and throws std::logic_error.
class Options {
 public:
  void set(std::string name, OptionValue value) {
    values_.insert_or_assign(std::move(name), std::move(value));
  }

  [[nodiscard]] const std::string& text(std::string_view name) const;
  [[nodiscard]] bool boolean(std::string_view name) const;
  [[nodiscard]] std::int64_t integer(std::string_view name) const;
  [[nodiscard]] double number(std::string_view name) const;
  [[nodiscard]] microseconds duration(std::string_view name) const;
  [[nodiscard]] std::int64_t bytes(std::string_view name) const;
  [[nodiscard]] const OptionTexts& texts(std::string_view name) const;
  [[nodiscard]] const OptionMap& map(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, OptionValue, std::less<>>& all() const noexcept {
    return values_;
  }

 private:
  std::map<std::string, OptionValue, std::less<>> values_;
};

// "250ms", "2m", "1h", "10us", "1.5s"; "0" needs no unit. Nothing if it is no duration, or one of more than a
// hundred years, to which no clock's time could be added.
[[nodiscard]] std::optional<microseconds> parse_duration(std::string_view text) noexcept;
// "4MiB", "100kB", "512". Nothing if it is no size.
[[nodiscard]] std::optional<std::int64_t> parse_bytes(std::string_view text) noexcept;
[[nodiscard]] std::string duration_to_text(microseconds duration);
[[nodiscard]] std::string bytes_to_text(std::int64_t bytes);

// The value of an option from its text in YAML (a list or map comes by other ways); an error says what is
// wrong and what would be right, without naming the option.
[[nodiscard]] Result<OptionValue> parse_option(const OptionSpec& spec, std::string_view text);

// All defaults of a table; required options are missing.
[[nodiscard]] Options default_options(std::span<const OptionSpec> specs);

}  // namespace sluice::engine
