#include "decode/row_source.hpp"

#include <charconv>

#include "core/hash.hpp"

namespace sluice::engine {
namespace {

constexpr std::uint64_t latest = 1'000'000'000'000'000;  // in the year 33658: no time of a commit

bool take(std::string_view& text, std::string_view expected) noexcept {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

bool take_number(std::string_view& text, std::uint64_t& number) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

// ["26511848","26512032"]: the commit that the connector saw last, and the row's own place in the log. The
// former is null for the first transaction after a snapshot.
bool read_sequence(std::string_view text, Origin& origin) noexcept {
  if (!take(text, "[")) return false;
  if (!take(text, "null") && !(take(text, "\"") && take_number(text, origin.commit) && take(text, "\"")))
    return false;
  return take(text, ",\"") && take_number(text, origin.place) && text == "\"]";
}

}  // namespace

Field* RowSource::find(std::string_view name) noexcept {
  switch (name.size()) {
    case 2:
      return name == "db" ? &database_ : nullptr;
    case 4:
      return name == "name" ? &connector_ : nullptr;
    case 5:
      return name == "ts_ms" ? &committed_ : name == "table" ? &table_ : nullptr;
    case 6:
      return name == "schema" ? &schema_ : nullptr;
    case 8:
      return name == "sequence" ? &sequence_ : name == "snapshot" ? &snapshot_ : nullptr;
    default:
      return nullptr;
  }
}

bool RowSource::take(JsonTokens& tokens) {
  std::string_view passed_over;
  if (tokens.first() != '{') return tokens.take_value(passed_over);
  tokens.advance();
  if (tokens.take('}')) return true;
  for (bool more = true; more;) {
    std::string_view name;
    if (!tokens.take_name(name)) return false;
    if (Field* field = find(name); field != nullptr) {
      if (!take_field(tokens, name, *field)) return false;
    } else if (!tokens.take_value(passed_over)) {
      return false;
    }
    if (!tokens.take_separator('}', more)) return false;
  }
  return true;
}

std::optional<Origin> RowSource::origin(std::string_view event_id) const noexcept {
  const bool streamed = snapshot_.text == "false";
  if (event_id.empty() || !streamed || sequence_.kind != Field::Kind::text ||
      committed_.kind != Field::Kind::number)
    return std::nullopt;
  Origin origin;
  std::uint64_t milliseconds_since_1970 = 0;
  std::string_view time = committed_.text;
  if (!read_sequence(sequence_.text, origin) || !take_number(time, milliseconds_since_1970) ||
      !time.empty() || milliseconds_since_1970 > latest)
    return std::nullopt;
  origin.committed = Timestamp(milliseconds(milliseconds_since_1970));
  for (const Field* field : {&connector_, &database_, &schema_, &table_})
    origin.source = stable_hash(field->text, origin.source);
  origin.row = stable_hash(event_id);
  return origin;
}

}  // namespace sluice::engine
