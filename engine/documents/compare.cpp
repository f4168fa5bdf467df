// MongoDB's order over values.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "documents/apply.hpp"
#include "documents/decimal.hpp"

namespace sluice::engine {
namespace {

template <class T>
int order(const T& a, const T& b) noexcept {
  return a < b ? -1 : (b < a ? 1 : 0);
}

int sign(int value) noexcept { return order(value, 0); }

int type_rank(bson::Type type) noexcept {
  using enum bson::Type;
  switch (type) {
    case none:
      return 0;
    case null:
      return 1;
    case number_double:
    case int32:
    case int64:
    case decimal128:
      return 2;
    case text:
      return 3;
    case document:
      return 4;
    case array:
      return 5;
    case binary:
      return 6;
    case object_id:
      return 7;
    case boolean:
      return 8;
    case date:
      return 9;
    case timestamp:
      return 10;
    case regex:
      return 11;
  }
  return 12;
}

// Exact: 2^53 + 1 differs from the double 2^53. NaN stands before all numbers and equals itself.
int compare_integer_to_double(std::int64_t whole, double other) noexcept {
  constexpr double beyond = 9223372036854775808.0;  // 2^63
  if (std::isnan(other)) return 1;
  if (other >= beyond) return -1;
  if (other < -beyond) return 1;
  const auto truncated = static_cast<std::int64_t>(other);
  if (truncated != whole) return order(whole, truncated);
  return order(0.0, other - static_cast<double>(truncated));
}

int compare_doubles(double a, double b) noexcept {
  if (std::isnan(a) || std::isnan(b)) return order(!std::isnan(a), !std::isnan(b));
  return order(a, b);
}

Decimal to_decimal(const bson::Value& value) noexcept {
  if (value.type == bson::Type::decimal128) return Decimal::from_bits(value.data);
  if (const auto whole = value.as_int64()) return Decimal::from_integer(*whole);
  return Decimal::from_double(value.as_double().value_or(0));
}

int compare_numbers(const bson::Value& a, const bson::Value& b) noexcept {
  if (a.type == bson::Type::decimal128 || b.type == bson::Type::decimal128)
    return compare(to_decimal(a), to_decimal(b));
  const auto whole_a = a.as_int64();
  const auto whole_b = b.as_int64();
  if (whole_a && whole_b) return order(*whole_a, *whole_b);
  if (whole_a) return compare_integer_to_double(*whole_a, b.as_double().value_or(0));
  if (whole_b) return -compare_integer_to_double(*whole_b, a.as_double().value_or(0));
  return compare_doubles(a.as_double().value_or(0), b.as_double().value_or(0));
}

// Element by element: the types, then (of documents) the names, then the values; what ends first is less.
int compare_elements(bson::View a, bson::View b, bool names) noexcept {
  auto at = a.begin();
  auto other = b.begin();
  for (; at != a.end() && other != b.end(); ++at, ++other) {
    if (const int types = order(type_rank(at->value.type), type_rank(other->value.type)); types != 0)
      return types;
    if (names)
      if (const int by_name = sign(at->name.compare(other->name)); by_name != 0) return by_name;
    if (const int by_value = compare(at->value, other->value); by_value != 0) return by_value;
  }
  return order(at != a.end(), other != b.end());
}

// Length, subtype, bytes: all three stand in this order in the value itself, but the length is little-endian.
int compare_binaries(const bson::Value& a, const bson::Value& b) noexcept {
  if (a.size != b.size) return order(a.size, b.size);
  return sign(std::memcmp(a.data + 4, b.data + 4, a.size - 4));
}

int compare_regexes(const bson::Value& a, const bson::Value& b) noexcept {
  const auto* pattern_a = reinterpret_cast<const char*>(a.data);
  const auto* pattern_b = reinterpret_cast<const char*>(b.data);
  if (const int patterns = sign(std::strcmp(pattern_a, pattern_b)); patterns != 0) return patterns;
  return sign(std::strcmp(pattern_a + std::strlen(pattern_a) + 1, pattern_b + std::strlen(pattern_b) + 1));
}

}  // namespace

int compare(const bson::Value& a, const bson::Value& b) noexcept {
  if (const int ranks = order(type_rank(a.type), type_rank(b.type)); ranks != 0) return ranks;
  using enum bson::Type;
  switch (a.type) {
    case none:
    case null:
      return 0;
    case number_double:
    case int32:
    case int64:
    case decimal128:
      return compare_numbers(a, b);
    case text:
      return sign(a.as_text()->compare(*b.as_text()));
    case document:
      return compare_elements(bson::View(a.data), bson::View(b.data), true);
    case array:
      return compare_elements(bson::View(a.data), bson::View(b.data), false);
    case binary:
      return compare_binaries(a, b);
    case object_id:
      return sign(std::memcmp(a.data, b.data, a.size));
    case boolean:
      return order(*a.data != 0, *b.data != 0);
    case date:
      return order(bson::load<std::int64_t>(a.data), bson::load<std::int64_t>(b.data));
    case timestamp:
      return order(bson::load<std::uint64_t>(a.data), bson::load<std::uint64_t>(b.data));
    case regex:
      return compare_regexes(a, b);
  }
  return 0;
}

}  // namespace sluice::engine
