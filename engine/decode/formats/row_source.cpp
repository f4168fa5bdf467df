#include "decode/formats/row_source.hpp"

#include <charconv>

#include "base/hash.hpp"
#include "base/word.hpp"

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

// "[\"26511848\",\"26512032\"]": the commit that the connector saw last, and the row's own place in the log.
// The former is null for the first transaction after a snapshot.
bool read_sequence(std::string_view text, Origin& origin) noexcept {
  constexpr std::string_view quote = R"(\")";
  if (!take(text, "\"[")) return false;
  if (!take(text, "null") && !(take(text, quote) && take_number(text, origin.commit) && take(text, quote)))
    return false;
  return take(text, ",") && take(text, quote) && take_number(text, origin.place) && text == R"(\"]")";
}

}  // namespace

Field* RowSource::find(std::string_view name) noexcept {
  switch (name.size()) {
    case 4:
      return is(name, R"("db")") ? &database_ : nullptr;
    case 6:
      return is(name, R"("name")") ? &connector_ : nullptr;
    case 7:
      return is(name, R"("ts_ms")") ? &committed_ : is(name, R"("table")") ? &table_ : nullptr;
    case 8:
      return is(name, R"("schema")") ? &schema_ : nullptr;
    case 10:
      return is(name, R"("sequence")") ? &sequence_ : is(name, R"("snapshot")") ? &snapshot_ : nullptr;
    default:
      return nullptr;
  }
}

bool RowSource::take(JsonTokens& tokens) {
  std::string_view value;
  if (tokens.first() != '{') return tokens.take_value(value);
  tokens.advance();
  if (tokens.take('}')) return true;
  for (bool more = true; more;) {
    Field* const field = find(tokens.token());
    if (!tokens.pass_name()) return false;
    const std::size_t place = tokens.place();
    if (!tokens.take_value(value)) return false;
    if (field != nullptr) {
      field->place = static_cast<std::uint32_t>(place);
      field->text = value;
    }
    if (!tokens.take_separator('}', more)) return false;
  }
  return true;
}

std::optional<Origin> RowSource::origin(std::string_view event_id) const noexcept {
  const bool streamed = is(snapshot_.text, R"("false")") || is(snapshot_.text, "false");
  if (event_id.empty() || !streamed) return std::nullopt;
  Origin origin;
  std::uint64_t milliseconds_since_1970 = 0;
  std::string_view time = committed_.text;
  if (!read_sequence(sequence_.text, origin) || !take_number(time, milliseconds_since_1970) ||
      !time.empty() || milliseconds_since_1970 > latest)
    return std::nullopt;
  origin.committed = Timestamp(milliseconds(milliseconds_since_1970));
  for (const Field* name : {&connector_, &database_, &schema_, &table_})
    origin.source = stable_hash(name->text, origin.source);
  origin.row = stable_hash(event_id);
  return origin;
}

}  // namespace sluice::engine
