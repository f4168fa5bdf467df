#include "json/number.hpp"

#include <bson/bson.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <string>

namespace sluice::engine {
namespace {

constexpr std::size_t decimal_digits = 34;

struct Shape {
  bool valid = false;
  bool negative = false;
  bool whole = true;          // neither point nor exponent
  std::string_view integer;   // the digits before the point
  std::string_view fraction;  // those behind it
  std::string_view exponent;  // with its sign
};

std::size_t digits_at(std::string_view text, std::size_t start) noexcept {
  std::size_t end = start;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return end - start;
}

// The grammar of RFC 8259, section 6.
Shape shape_of(std::string_view token) noexcept {
  Shape shape;
  std::size_t at = 0;
  if (at < token.size() && token[at] == '-') {
    shape.negative = true;
    ++at;
  }
  shape.integer = token.substr(at, digits_at(token, at));
  if (shape.integer.empty() || (shape.integer.size() > 1 && shape.integer[0] == '0')) return {};
  at += shape.integer.size();
  if (at < token.size() && token[at] == '.') {
    shape.whole = false;
    shape.fraction = token.substr(at + 1, digits_at(token, at + 1));
    if (shape.fraction.empty()) return {};
    at += 1 + shape.fraction.size();
  }
  if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
    shape.whole = false;
    const std::size_t sign = at + 1 < token.size() && (token[at + 1] == '+' || token[at + 1] == '-') ? 1 : 0;
    const std::size_t digits = digits_at(token, at + 1 + sign);
    if (digits == 0) return {};
    shape.exponent = token.substr(at + 1, sign + digits);
    at += 1 + sign + digits;
  }
  shape.valid = at == token.size();
  return shape;
}

// Of a number that no double holds: whether it is too small (and so as good as zero) rather than too large.
bool vanishes(const Shape& shape) noexcept {
  constexpr long far = 1'000'000'000;
  const bool below_one = shape.integer == "0";
  const std::size_t digits = below_one ? shape.fraction.find_first_not_of('0') : shape.integer.size();
  const long magnitude = (below_one ? -1 : 1) * static_cast<long>(std::min(digits, std::size_t{far}));
  const bool down = shape.exponent.starts_with('-');
  const bool sign = down || shape.exponent.starts_with('+');
  long exponent = 0;
  const std::string_view power = shape.exponent.substr(sign ? 1 : 0);
  if (std::from_chars(power.data(), power.data() + power.size(), exponent).ec ==
      std::errc::result_out_of_range)
    exponent = far * 2;
  return magnitude + (down ? -exponent : exponent) <= 0;
}

JsonNumber real_number(std::string_view token, const Shape& shape) noexcept {
  JsonNumber number;
  number.kind = JsonNumber::Kind::real;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number.real);
  if (error == std::errc::result_out_of_range && vanishes(shape)) {
    number.real = shape.negative ? -0.0 : 0.0;
  } else if (error != std::errc{} || number.real > std::numeric_limits<double>::max() ||
             number.real < std::numeric_limits<double>::lowest()) {
    number.kind = JsonNumber::Kind::infinite;
  }
  return number;
}

// Whole and beyond int64.
JsonNumber large_number(std::string_view token, const Shape& shape) noexcept {
  const std::size_t significant = shape.integer.find_last_not_of('0') + 1;
  if (significant > decimal_digits) return real_number(token, shape);

  // Written as "-12345E+67": libbson takes at most 34 digits and would round more of them, zeros included.
  const std::size_t kept = std::min(shape.integer.size(), decimal_digits);
  const std::size_t zeros = shape.integer.size() - kept;
  std::array<char, decimal_digits + 24> text;
  char* end = text.data();
  if (shape.negative) *end++ = '-';
  end = std::copy_n(shape.integer.data(), kept, end);
  if (zeros > 0) {
    *end++ = 'E';
    *end++ = '+';
    end = std::to_chars(end, text.data() + text.size(), zeros).ptr;
  }
  JsonNumber number;
  number.kind = JsonNumber::Kind::decimal;
  if (!decimal_from_text({text.data(), static_cast<std::size_t>(end - text.data())}, number.decimal))
    number.kind = JsonNumber::Kind::infinite;
  return number;
}

}  // namespace

JsonNumber parse_json_number(std::string_view token) noexcept {
  const Shape shape = shape_of(token);
  if (!shape.valid) return {};
  if (!shape.whole || token == "-0") return real_number(token, shape);

  JsonNumber number;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number.whole);
  if (error == std::errc::result_out_of_range) return large_number(token, shape);
  number.kind = JsonNumber::Kind::whole;
  return number;
}

bool is_json_number(std::string_view token) noexcept {
  const bool digits_alone = !token.empty() && digits_at(token, 0) == token.size();  // most are
  if (digits_alone) return token[0] != '0' || token.size() == 1;
  return shape_of(token).valid;
}

bool decimal_from_text(std::string_view text, std::array<std::uint8_t, 16>& decimal) noexcept {
  // libbson 1.23.1 looks at the byte behind the length it is given: it must be a zero.
  const std::string terminated(text);
  bson_decimal128_t value;
  if (!bson_decimal128_from_string_w_len(terminated.data(), static_cast<int>(terminated.size()), &value))
    return false;
  std::memcpy(decimal.data(), &value.low, 8);
  std::memcpy(decimal.data() + 8, &value.high, 8);
  return true;
}

std::string_view decimal_to_text(const std::uint8_t* decimal, std::array<char, 48>& buffer) noexcept {
  static_assert(BSON_DECIMAL128_STRING <= 48);
  bson_decimal128_t value;
  std::memcpy(&value.low, decimal, 8);
  std::memcpy(&value.high, decimal + 8, 8);
  bson_decimal128_to_string(&value, buffer.data());
  return buffer.data();
}

}  // namespace sluice::engine
