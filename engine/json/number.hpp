// A number of a JSON text and the type of a document it becomes: the policy that json/reader.hpp states.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sluice::engine {

struct JsonNumber {
  enum class Kind : std::uint8_t {
    invalid,   // not a number by JSON's grammar
    whole,     // fits int64
    real,      // a double
    decimal,   // whole and beyond int64, at most 34 significant digits
    infinite,  // no double is near
  };
  Kind kind = Kind::invalid;
  std::int64_t whole = 0;
  double real = 0;
  std::array<std::uint8_t, 16> decimal{};  // as in BSON
};

[[nodiscard]] JsonNumber parse_json_number(std::string_view token) noexcept;
[[nodiscard]] bool is_json_number(std::string_view token) noexcept;  // by its grammar, whatever its size

// A decimal128 as text and back. False when the text is no decimal, or none that can be held exactly.
[[nodiscard]] bool decimal_from_text(std::string_view text, std::array<std::uint8_t, 16>& decimal) noexcept;
[[nodiscard]] std::string_view decimal_to_text(const std::uint8_t* decimal,
                                               std::array<char, 48>& buffer) noexcept;

}  // namespace sluice::engine
