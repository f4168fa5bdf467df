#include "decode/field.hpp"

#include <charconv>

namespace sluice::engine {
namespace {

Field::Kind kind_of(char first) noexcept {
  switch (first) {
    case '"':
      return Field::Kind::text;
    case '{':
      return Field::Kind::object;
    case '[':
      return Field::Kind::array;
    case 'n':
      return Field::Kind::null;
    case 't':
    case 'f':
      return Field::Kind::boolean;
    default:
      return Field::Kind::number;
  }
}

bool whole_number(std::string_view text, std::int64_t& number) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

Timestamp since_epoch(std::int64_t number) noexcept {
  constexpr std::int64_t seconds_end = 100'000'000'000;
  constexpr std::int64_t milliseconds_end = seconds_end * 1000;
  constexpr std::int64_t microseconds_end = milliseconds_end * 1000;
  using std::chrono::seconds;
  const std::int64_t size = number < 0 ? -(number + 1) : number;
  if (size < seconds_end) return Timestamp(seconds(number));
  if (size < milliseconds_end) return Timestamp(milliseconds(number));
  if (size < microseconds_end) return Timestamp(microseconds(number));
  return Timestamp(std::chrono::floor<microseconds>(std::chrono::nanoseconds(number)));
}

std::string shown(std::string_view text) {
  constexpr std::size_t most = 60;
  return "'" + std::string(text.substr(0, most)) + (text.size() > most ? "...'" : "'");
}

bool refuse(Error& why, Code code, std::string_view what, std::string_view fault) {
  why = {code, std::string(what).append(fault)};
  return false;
}

}  // namespace

bool take_field(JsonTokens& tokens, std::string_view name, Field& field) {
  if (field.kind != Field::Kind::absent)
    return tokens.fail(Code::decode_duplicate_key, "the name '" + std::string(name) + "' occurs twice");
  field.kind = kind_of(tokens.first());
  field.place = static_cast<std::uint32_t>(tokens.place());
  return field.kind == Field::Kind::text ? tokens.take_text(field.text) : tokens.take_value(field.text);
}

bool read_name(const Field& field, std::string_view what, bool required, std::string_view& to, Error& why) {
  switch (field.kind) {
    case Field::Kind::absent:
      to = {};
      return !required || refuse(why, Code::decode_missing_field, what, " is missing");
    case Field::Kind::null:
      to = {};
      return !required || refuse(why, Code::decode_missing_field, what, " is null");
    case Field::Kind::text:
      to = field.text;
      return !required || !to.empty() || refuse(why, Code::decode_bad_field, what, " is empty");
    case Field::Kind::number: {
      to = field.text;
      const bool whole = to.find_first_of(".eE") == std::string_view::npos;
      return whole || refuse(why, Code::decode_bad_field, what, " is neither a text nor a whole number");
    }
    case Field::Kind::boolean:
    case Field::Kind::object:
    case Field::Kind::array:
      break;
  }
  return refuse(why, Code::decode_bad_field, what, " is neither a text nor a whole number");
}

bool read_time(const Field& field, std::string_view what, std::optional<Timestamp>& to, Error& why) {
  to.reset();
  if (!field.given() || field.is_text("")) return true;
  if (field.kind == Field::Kind::text) to = parse_timestamp(field.text);
  std::int64_t number = 0;
  if (!to && (field.kind == Field::Kind::text || field.kind == Field::Kind::number) &&
      whole_number(field.text, number))
    to = since_epoch(number);
  return to || refuse(why, Code::decode_bad_field, what, " is no time: " + shown(field.text));
}

}  // namespace sluice::engine
