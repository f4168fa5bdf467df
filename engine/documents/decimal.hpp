// IEEE 754 decimal128 as BSON holds it (binary integer decimal), as far as comparing needs it.
#pragma once

#include <cstdint>

namespace sluice::engine {

class Decimal {
 public:
  // The 16 little-endian bytes of a BSON decimal128.
  [[nodiscard]] static Decimal from_bits(const std::uint8_t* bytes) noexcept;
  [[nodiscard]] static Decimal from_integer(std::int64_t value) noexcept;
  // Rounded to the 34 digits that a decimal128 has, as MongoDB does before it compares.
  [[nodiscard]] static Decimal from_double(double value) noexcept;

  // <0, 0, >0 by value: 1.0 equals 1.00. NaN equals itself and stands before all others.
  friend int compare(const Decimal& a, const Decimal& b) noexcept;

 private:
  enum class Kind : std::uint8_t { nan, negative_infinity, finite, infinity };
  __extension__ using Wide = unsigned __int128;

  [[nodiscard]] int magnitude_against(const Decimal& other) const noexcept;

  Kind kind_ = Kind::finite;
  bool negative_ = false;
  Wide coefficient_ = 0;
  int exponent_ = 0;
};

int compare(const Decimal& a, const Decimal& b) noexcept;

}  // namespace sluice::engine
