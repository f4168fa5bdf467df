#include "documents/decimal.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace sluice::engine {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int digits_of_decimal128 = 34;

Wide power_of_ten(int exponent) noexcept {
  Wide power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

int count_digits(Wide value) noexcept {
  int digits = 0;
  for (; value > 0; value /= 10) ++digits;
  return digits;
}

}  // namespace

Decimal Decimal::from_bits(const std::uint8_t* bytes) noexcept {
  std::uint64_t low;
  std::uint64_t high;
  std::memcpy(&low, bytes, sizeof low);
  std::memcpy(&high, bytes + sizeof low, sizeof high);

  Decimal decimal;
  decimal.negative_ = (high >> 63U) != 0;
  if (((high >> 58U) & 0x1fU) == 0x1fU) {
    decimal.kind_ = Kind::nan;
  } else if (((high >> 58U) & 0x1fU) == 0x1eU) {
    decimal.kind_ = decimal.negative_ ? Kind::negative_infinity : Kind::infinity;
  } else if (((high >> 61U) & 3U) != 3U) {
    constexpr int bias = 6176;
    decimal.exponent_ = static_cast<int>((high >> 49U) & 0x3fffU) - bias;
    decimal.coefficient_ = (static_cast<Wide>(high & 0x1ffffffffffffU) << 64U) | low;
    if (decimal.coefficient_ >= power_of_ten(digits_of_decimal128))
      decimal.coefficient_ = 0;  // not canonical
  }
  return decimal;
}

Decimal Decimal::from_integer(std::int64_t value) noexcept {
  Decimal decimal;
  decimal.negative_ = value < 0;
  const auto bits = static_cast<std::uint64_t>(value);
  decimal.coefficient_ = value < 0 ? 0 - bits : bits;
  return decimal;
}

Decimal Decimal::from_double(double value) noexcept {
  Decimal decimal;
  decimal.negative_ = std::signbit(value);
  if (std::isnan(value)) {
    decimal.kind_ = Kind::nan;
    return decimal;
  }
  if (std::isinf(value)) {
    decimal.kind_ = decimal.negative_ ? Kind::negative_infinity : Kind::infinity;
    return decimal;
  }
  char text[64];  // "d.ddd…e±xxx"
  const int length = std::snprintf(text, sizeof text, "%.*e", digits_of_decimal128 - 1, std::fabs(value));
  const char* const end = text + length;
  const char* at = text;
  for (; at != end && *at != 'e'; ++at)
    if (*at >= '0' && *at <= '9')
      decimal.coefficient_ = decimal.coefficient_ * 10 + static_cast<Wide>(*at - '0');
  decimal.exponent_ = static_cast<int>(std::strtol(at + 1, nullptr, 10)) - (digits_of_decimal128 - 1);
  return decimal;
}

int Decimal::magnitude_against(const Decimal& other) const noexcept {
  const int digits = count_digits(coefficient_);
  const int other_digits = count_digits(other.coefficient_);
  const int scale = digits + exponent_;
  const int other_scale = other_digits + other.exponent_;
  if (scale != other_scale) return scale < other_scale ? -1 : 1;
  // The same scale: bring both to one number of digits, at most 34, which 128 bits hold.
  Wide a = coefficient_;
  Wide b = other.coefficient_;
  if (digits < other_digits) a *= power_of_ten(other_digits - digits);
  if (other_digits < digits) b *= power_of_ten(digits - other_digits);
  return a < b ? -1 : (b < a ? 1 : 0);
}

int compare(const Decimal& a, const Decimal& b) noexcept {
  if (a.kind_ != b.kind_) return a.kind_ < b.kind_ ? -1 : 1;
  if (a.kind_ != Decimal::Kind::finite) return 0;
  const int sign_a = a.coefficient_ == 0 ? 0 : (a.negative_ ? -1 : 1);
  const int sign_b = b.coefficient_ == 0 ? 0 : (b.negative_ ? -1 : 1);
  if (sign_a != sign_b) return sign_a < sign_b ? -1 : 1;
  if (sign_a == 0) return 0;
  return sign_a * a.magnitude_against(b);
}

}  // namespace sluice::engine
