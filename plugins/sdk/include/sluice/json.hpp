// For those who prefer ease to speed: documents as nlohmann::json and back. Needs nlohmann-json; include it
// where it is wanted, nothing else of the SDK does.
//
// What JSON does not have is written as MongoDB's Extended JSON has it: {"$date": "…"}, {"$oid": "…"}. Of
// these, dates and object ids are read back.
#pragma once

#include <array>
#include <chrono>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "sluice/bson_writer.hpp"
#include "sluice/reject.hpp"
#include "sluice/types.hpp"

namespace sluice {

[[nodiscard]] nlohmann::json to_json(bson::View document, bool array = false);
[[nodiscard]] nlohmann::json to_json(const bson::Value& value);

// Appends the fields of an object to the open document. Throws Reject for numbers beyond 64 bits.
void append_json(bson::Writer& writer, const nlohmann::json& object);
// Appends one value.
void append_json(bson::Writer& writer, std::string_view name, const nlohmann::json& value);

namespace detail {

inline std::string hexadecimal(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < size; ++i) (text += digits[bytes[i] >> 4U]) += digits[bytes[i] & 15U];
  return text;
}

// "123E-2": the digits and the power of ten of a decimal128 (IEEE 754-2008, binary integer form).
inline std::string decimal_text(const std::uint8_t* bytes) {
  constexpr int bias = 6176;
  const auto low = bson::load<std::uint64_t>(bytes);
  const auto high = bson::load<std::uint64_t>(bytes + 8);
  const bool negative = (high >> 63U) != 0;
  if ((high >> 61U & 3U) == 3U)
    return (high >> 58U & 31U) == 31U ? "NaN" : negative ? "-Infinity" : "Infinity";
  __extension__ using Wide = unsigned __int128;
  Wide digits = static_cast<Wide>(high & ((std::uint64_t{1} << 49U) - 1)) << 64U | low;
  std::string text;
  do text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(digits % 10)));
  while ((digits /= 10) != 0);
  const int exponent = static_cast<int>(high >> 49U & 0x3fffU) - bias;
  if (exponent != 0) text += 'E' + std::to_string(exponent);
  return negative ? '-' + text : text;
}

inline bool append_date(bson::Writer& writer, std::string_view name, const std::string& text) {
  const auto date = Date::parse(text);
  if (date) writer.date_ms(name, date->since_epoch().count());
  return date.has_value();
}

inline bool append_object_id(bson::Writer& writer, std::string_view name, const std::string& text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<std::uint8_t, 12> id{};
  if (text.size() != id.size() * 2) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = digits.find(text[i]);
    if (digit == std::string_view::npos) return false;
    id[i / 2] = static_cast<std::uint8_t>(id[i / 2] << 4U | digit);
  }
  writer.value(name, {bson::Type::object_id, id.data(), static_cast<std::uint32_t>(id.size())});
  return true;
}

// What to_json() makes of a date or an object id, taken back; false if it is no such object.
inline bool append_extended(bson::Writer& writer, std::string_view name, const nlohmann::json& value) {
  if (!value.is_object() || value.size() != 1 || !value.begin()->is_string()) return false;
  const auto& text = value.begin()->get_ref<const std::string&>();
  if (value.begin().key() == "$date") return append_date(writer, name, text);
  return value.begin().key() == "$oid" && append_object_id(writer, name, text);
}

}  // namespace detail

inline nlohmann::json to_json(bson::View document, bool array) {
  nlohmann::json made = array ? nlohmann::json::array() : nlohmann::json::object();
  for (const bson::Element& element : document) {
    if (array)
      made.push_back(to_json(element.value));
    else
      made[std::string(element.name)] = to_json(element.value);
  }
  return made;
}

inline nlohmann::json to_json(const bson::Value& value) {
  using bson::Type;
  switch (value.type) {
    case Type::number_double:
      return *value.as_double();
    case Type::text:
      return *value.as_text();
    case Type::document:
      return to_json(*value.as_document(), false);
    case Type::array:
      return to_json(*value.as_document(), true);
    case Type::boolean:
      return *value.as_bool();
    case Type::int32:
    case Type::int64:
      return *value.as_int64();
    case Type::date:
      return {{"$date", Date(std::chrono::milliseconds{*value.as_date_ms()}).text()}};
    case Type::object_id:
      return {{"$oid", detail::hexadecimal(value.data, value.size)}};
    case Type::binary:
      return {{"$binary", detail::hexadecimal(value.data + 5, value.size - 5)}};
    case Type::decimal128:
      return {{"$numberDecimal", detail::decimal_text(value.data)}};
    case Type::timestamp:
      return {{"$timestamp", bson::load<std::uint64_t>(value.data)}};
    case Type::regex:
      return {{"$regex", std::string(reinterpret_cast<const char*>(value.data))}};
    case Type::null:
    case Type::none:
      break;
  }
  return nullptr;
}

inline void append_json(bson::Writer& writer, std::string_view name, const nlohmann::json& value) {
  using Kind = nlohmann::json::value_t;
  if (detail::append_extended(writer, name, value)) return;
  switch (value.type()) {
    case Kind::boolean:
      writer.boolean(name, value.get<bool>());
      return;
    case Kind::number_integer:
      writer.integer(name, value.get<std::int64_t>());
      return;
    case Kind::number_unsigned:
      if (value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        throw Reject("a number is beyond 64 bits: " + value.dump());
      writer.integer(name, value.get<std::int64_t>());
      return;
    case Kind::number_float:
      writer.number(name, value.get<double>());
      return;
    case Kind::string:
      writer.text(name, value.get_ref<const std::string&>());
      return;
    case Kind::object:
      writer.begin_document(name);
      append_json(writer, value);
      writer.end();
      return;
    case Kind::array:
      writer.begin_array(name);
      for (const auto& item : value) append_json(writer, {}, item);
      writer.end();
      return;
    case Kind::null:
    case Kind::binary:
    case Kind::discarded:
      break;
  }
  writer.null(name);
}

inline void append_json(bson::Writer& writer, const nlohmann::json& object) {
  for (const auto& [key, value] : object.items()) append_json(writer, key, value);
}

}  // namespace sluice
