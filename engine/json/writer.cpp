#include "json/writer.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>

#include "base/base64.hpp"
#include "base/time.hpp"
#include "json/number.hpp"

namespace sluice::engine {
namespace {

constexpr std::string_view hexadecimal = "0123456789abcdef";

template <class T>
void append_number(T number, std::string& out) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void append_quoted_number(std::string_view wrapper, std::int64_t number, std::string& out) {
  out.append("{\"").append(wrapper).append("\":\"");
  append_number(number, out);
  out += "\"}";
}

void append_double(double number, std::string& out) {
  if (std::isnan(number)) {
    out += R"({"$numberDouble":"NaN"})";
  } else if (std::isinf(number)) {
    out += number > 0 ? R"({"$numberDouble":"Infinity"})" : R"({"$numberDouble":"-Infinity"})";
  } else {
    const std::size_t start = out.size();
    append_number(number, out);
    if (out.find_first_of(".e", start) == std::string::npos) out += ".0";
  }
}

// Three digits of a second always, so that the texts sort as the times do.
void append_date(std::int64_t since_epoch, std::string& out) {
  constexpr std::int64_t year_10000 = 253'402'300'800'000;
  out += "{\"$date\":";
  if (since_epoch < 0 || since_epoch >= year_10000) {
    append_quoted_number("$numberLong", since_epoch, out);
  } else {
    const std::string time = to_text(Timestamp(milliseconds(since_epoch)));
    out += '"';
    out.append(time, 0, time.size() - 4).append("Z\"");  // without the microseconds and their Z
  }
  out += '}';
}

void append_hex(const std::uint8_t* bytes, std::size_t size, std::string& out) {
  for (std::size_t i = 0; i < size; ++i) {
    out += hexadecimal[bytes[i] >> 4U];
    out += hexadecimal[bytes[i] & 15U];
  }
}

void append_binary(const bson::Value& value, std::string& out) {
  out += R"({"$binary":{"base64":")";
  append_base64(value.data + 5, value.size - 5, out);
  out += R"(","subType":")";
  append_hex(value.data + 4, 1, out);
  out += "\"}}";
}

void append_regex(const bson::Value& value, std::string& out) {
  const auto* pattern = reinterpret_cast<const char*>(value.data);
  out += R"({"$regularExpression":{"pattern":)";
  write_json_string(pattern, out);
  out += R"(,"options":)";
  write_json_string(pattern + std::strlen(pattern) + 1, out);
  out += "}}";
}

void append_timestamp(const bson::Value& value, std::string& out) {
  out += R"({"$timestamp":{"t":)";
  append_number(bson::load<std::uint32_t>(value.data + 4), out);
  out += R"(,"i":)";
  append_number(bson::load<std::uint32_t>(value.data), out);
  out += "}}";
}

void append_decimal(const bson::Value& value, std::string& out) {
  std::array<char, 48> text;
  out.append(R"({"$numberDecimal":")").append(decimal_to_text(value.data, text)).append("\"}");
}

void append_array(bson::View array, std::string& out) {
  char before = '[';
  for (const bson::Element& element : array) {
    out += before;
    write_extended(element.value, out);
    before = ',';
  }
  out += before == '[' ? "[]" : "]";
}

// Whether a character of a JSON string must be escaped.
constexpr std::array<bool, 256> escaped = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = true;
  table['"'] = table['\\'] = true;
  return table;
}();

void append_escaped(char c, std::string& out) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default: {
      const auto code = static_cast<std::uint8_t>(c);
      out += "\\u00";
      append_hex(&code, 1, out);
    }
  }
}

}  // namespace

void write_json_string(std::string_view text, std::string& out) {
  out += '"';
  std::size_t plain = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!escaped[static_cast<unsigned char>(text[at])]) continue;
    out.append(text, plain, at - plain);
    append_escaped(text[at], out);
    plain = at + 1;
  }
  out.append(text, plain);
  out += '"';
}

void write_extended(bson::View document, std::string& out) {
  char before = '{';
  for (const bson::Element& element : document) {
    out += before;
    write_json_string(element.name, out);
    out += ':';
    write_extended(element.value, out);
    before = ',';
  }
  out += before == '{' ? "{}" : "}";
}

void write_extended(const bson::Value& value, std::string& out) {
  switch (value.type) {
    case bson::Type::number_double:
      append_double(bson::load<double>(value.data), out);
      return;
    case bson::Type::text:
      write_json_string(*value.as_text(), out);
      return;
    case bson::Type::document:
      write_extended(bson::View(value.data), out);
      return;
    case bson::Type::array:
      append_array(bson::View(value.data), out);
      return;
    case bson::Type::binary:
      append_binary(value, out);
      return;
    case bson::Type::object_id:
      out += R"({"$oid":")";
      append_hex(value.data, value.size, out);
      out += "\"}";
      return;
    case bson::Type::boolean:
      out += *value.data != 0 ? "true" : "false";
      return;
    case bson::Type::date:
      append_date(bson::load<std::int64_t>(value.data), out);
      return;
    case bson::Type::none:
    case bson::Type::null:
      out += "null";
      return;
    case bson::Type::regex:
      append_regex(value, out);
      return;
    case bson::Type::int32:
      append_number(bson::load<std::int32_t>(value.data), out);
      return;
    case bson::Type::timestamp:
      append_timestamp(value, out);
      return;
    case bson::Type::int64:
      append_number(bson::load<std::int64_t>(value.data), out);
      return;
    case bson::Type::decimal128:
      append_decimal(value, out);
      return;
  }
}

}  // namespace sluice::engine
