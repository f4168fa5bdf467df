#include "json/extended.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>

#include "base/base64.hpp"
#include "base/time.hpp"
#include "json/number.hpp"

namespace sluice::engine {
namespace {

constexpr std::uint8_t uuid_subtype = 4;

template <class T>
bool parse_all(std::string_view text, T& value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

std::optional<std::vector<std::uint8_t>> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes(text.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (!parse_all(text.substr(i * 2, 2), bytes[i], 16)) return std::nullopt;
  return bytes;
}

// Reads the inside of one kind of wrapper. Each function stands at the value of the "$…" name and takes it.
class Wrapper {
 public:
  Wrapper(JsonTokens& tokens, std::string_view name, bson::Writer& writer)
      : tokens_(tokens), name_(name), writer_(writer) {}

  bool object_id() {
    std::string_view text;
    if (!tokens_.take_text(text)) return false;
    const auto bytes = parse_hex(text);
    if (!bytes || bytes->size() != 12) return bad("$oid", "24 hexadecimal digits");
    writer_.value(name_, {bson::Type::object_id, bytes->data(), 12});
    return true;
  }

  // A text of RFC 3339, {"$numberLong": "…"}, or (before version 2) a number.
  bool date() {
    std::int64_t since_epoch = 0;
    if (tokens_.first() == '"') {
      std::string_view text;
      if (!tokens_.take_text(text)) return false;
      const auto time = parse_timestamp(text);
      if (!time) return bad("$date", "a time such as 2026-11-21T08:06:32.584Z");
      since_epoch = std::chrono::floor<milliseconds>(*time).time_since_epoch().count();
    } else if (tokens_.take('{')) {
      std::string_view key;
      std::string_view text;
      if (!tokens_.take_name(key)) return false;
      if (key != "$numberLong") return bad("$date", "{\"$numberLong\": …}");
      if (!tokens_.take_text(text)) return false;
      if (!parse_all(text, since_epoch)) return bad("$date", "milliseconds since 1970");
      if (!tokens_.take('}')) return tokens_.expected("'}'");
    } else {
      const JsonNumber number = parse_json_number(tokens_.token());
      if (number.kind != JsonNumber::Kind::whole) return bad("$date", "a time or milliseconds since 1970");
      since_epoch = number.whole;
      tokens_.advance();
    }
    writer_.date_ms(name_, since_epoch);
    return true;
  }

  bool int32() {
    std::string_view text;
    std::int32_t value = 0;
    if (!tokens_.take_text(text)) return false;
    if (!parse_all(text, value)) return bad("$numberInt", "a text with a whole number of 32 bits");
    writer_.int32(name_, value);
    return true;
  }

  bool int64() {
    std::string_view text;
    std::int64_t value = 0;
    if (!tokens_.take_text(text)) return false;
    if (!parse_all(text, value)) return bad("$numberLong", "a text with a whole number of 64 bits");
    writer_.int64(name_, value);
    return true;
  }

  bool real() {
    std::string_view text;
    if (!tokens_.take_text(text)) return false;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    double value = 0;
    if (text == "Infinity") {
      value = infinity;
    } else if (text == "-Infinity") {
      value = -infinity;
    } else if (text == "NaN") {
      value = std::numeric_limits<double>::quiet_NaN();
    } else {
      const JsonNumber number = parse_json_number(text);
      if (number.kind == JsonNumber::Kind::invalid || number.kind == JsonNumber::Kind::infinite)
        return bad("$numberDouble", "a text with a number");
      if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{})
        value = number.real;
    }
    writer_.number(name_, value);
    return true;
  }

  bool decimal() {
    std::string_view text;
    std::array<std::uint8_t, 16> bytes;
    if (!tokens_.take_text(text)) return false;
    if (!decimal_from_text(text, bytes))
      return bad("$numberDecimal", "a text with a number of up to 34 digits");
    writer_.value(name_, {bson::Type::decimal128, bytes.data(), bytes.size()});
    return true;
  }

  bool uuid() {
    std::string_view text;
    if (!tokens_.take_text(text)) return false;
    std::string digits;
    for (const char c : text)
      if (c != '-') digits += c;
    const auto bytes = parse_hex(digits);
    if (!bytes || bytes->size() != 16) return bad("$uuid", "a UUID");
    binary_value(uuid_subtype, *bytes);
    return true;
  }

  bool binary() {
    std::string_view base64;
    std::string_view subtype;
    if (!two("base64", base64, "subType", subtype)) return false;
    const auto bytes = parse_base64(base64);
    std::uint8_t kind = 0;
    if (!bytes || !parse_all(subtype, kind, 16)) return bad("$binary", "base64 and a hexadecimal subType");
    binary_value(kind, *bytes);
    return true;
  }

  bool regex() {
    std::string_view pattern;
    std::string_view options;
    if (!two("pattern", pattern, "options", options)) return false;
    if (pattern.find('\0') != std::string_view::npos || options.find('\0') != std::string_view::npos)
      return bad("$regularExpression", "texts without U+0000");
    std::vector<std::uint8_t> bytes(pattern.begin(), pattern.end());
    bytes.push_back(0);
    bytes.insert(bytes.end(), options.begin(), options.end());
    bytes.push_back(0);
    writer_.value(name_, {bson::Type::regex, bytes.data(), static_cast<std::uint32_t>(bytes.size())});
    return true;
  }

  bool timestamp() {
    std::string_view seconds;
    std::string_view ordinal;
    if (!two("t", seconds, "i", ordinal)) return false;
    std::uint32_t t = 0;
    std::uint32_t i = 0;
    if (!parse_all(seconds, t) || !parse_all(ordinal, i)) return bad("$timestamp", "two numbers of 32 bits");
    const std::uint64_t both = (std::uint64_t{t} << 32U) | i;
    writer_.value(name_, {bson::Type::timestamp, reinterpret_cast<const std::uint8_t*>(&both), sizeof both});
    return true;
  }

  bool unknown() {
    return tokens_.fail(Code::decode_bad_field,
                        "'" + std::string(name_) + "' has a type of Extended JSON that sluice does not keep");
  }

 private:
  bool bad(std::string_view wrapper, std::string_view wanted) {
    std::string reason = "'";
    reason.append(name_).append("' has a bad ").append(wrapper).append(": expected ").append(wanted);
    return tokens_.fail(Code::decode_bad_field, reason);
  }

  void binary_value(std::uint8_t subtype, const std::vector<std::uint8_t>& bytes) {
    std::vector<std::uint8_t> value(5 + bytes.size());
    const auto size = static_cast<std::uint32_t>(bytes.size());
    std::memcpy(value.data(), &size, sizeof size);
    value[4] = subtype;
    if (size > 0) std::memcpy(value.data() + 5, bytes.data(), size);
    writer_.value(name_, {bson::Type::binary, value.data(), static_cast<std::uint32_t>(value.size())});
  }

  // {"one": …, "other": …} in either order; texts, or numbers as they are written.
  bool two(std::string_view one, std::string_view& first, std::string_view other, std::string_view& second) {
    std::string wanted("{\"");
    wanted.append(one).append("\": …, \"").append(other).append("\": …}");
    if (!tokens_.take('{')) return tokens_.expected(wanted);
    bool has_one = false;
    bool has_other = false;
    for (bool more = true; more;) {
      std::string_view key;
      if (!tokens_.take_name(key)) return false;
      if (key != one && key != other) return bad(key, wanted);
      (key == one ? has_one : has_other) = true;
      std::string_view& text = key == one ? first : second;
      if (!(tokens_.first() == '"' ? tokens_.take_text(text) : tokens_.take_value(text))) return false;
      if (!tokens_.take_separator('}', more)) return false;
    }
    return (has_one && has_other) || tokens_.fail(Code::decode_bad_field, "expected " + wanted);
  }

  JsonTokens& tokens_;
  std::string_view name_;
  bson::Writer& writer_;
};

struct Kind {
  std::string_view name;
  bool (Wrapper::*read)();
};

constexpr std::array kinds{
    Kind{"$date", &Wrapper::date},
    Kind{"$oid", &Wrapper::object_id},
    Kind{"$numberInt", &Wrapper::int32},
    Kind{"$numberLong", &Wrapper::int64},
    Kind{"$numberDouble", &Wrapper::real},
    Kind{"$numberDecimal", &Wrapper::decimal},
    Kind{"$binary", &Wrapper::binary},
    Kind{"$uuid", &Wrapper::uuid},
    Kind{"$regularExpression", &Wrapper::regex},
    Kind{"$timestamp", &Wrapper::timestamp},
    Kind{"$minKey", &Wrapper::unknown},
    Kind{"$maxKey", &Wrapper::unknown},
    Kind{"$symbol", &Wrapper::unknown},
    Kind{"$code", &Wrapper::unknown},
    Kind{"$dbPointer", &Wrapper::unknown},
};

}  // namespace

ExtendedValue read_extended_value(JsonTokens& tokens, std::string_view name, bson::Writer& writer) {
  const JsonTokens::Mark start = tokens.mark();
  tokens.advance();
  std::string_view key;
  if (tokens.token().starts_with("\"$") && tokens.take_name(key)) {
    for (const Kind& kind : kinds) {
      if (kind.name != key) continue;
      Wrapper wrapper(tokens, name, writer);
      if (!(wrapper.*kind.read)()) return ExtendedValue::malformed;
      return tokens.take('}') || tokens.expected("'}'") ? ExtendedValue::written : ExtendedValue::malformed;
    }
  }
  tokens.rewind(start);
  return ExtendedValue::plain;
}

}  // namespace sluice::engine
