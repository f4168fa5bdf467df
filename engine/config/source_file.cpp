#include "config/source_file.hpp"

#include <algorithm>
#include <cstddef>

#include "config/redact.hpp"

namespace sluice::engine {
namespace {

using config::ByteRange;

constexpr std::size_t window = 100;  // characters of a line that are quoted
constexpr std::size_t before = 60;   // of these, at most before the mark

bool starts_character(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Sorted, without overlaps.
std::vector<ByteRange> merged(std::vector<ByteRange> ranges) {
  std::ranges::sort(ranges, {}, &ByteRange::begin);
  std::vector<ByteRange> result;
  for (const ByteRange& range : ranges) {
    if (!result.empty() && range.begin <= result.back().end)
      result.back().end = std::max(result.back().end, range.end);
    else
      result.push_back(range);
  }
  return result;
}

// The line with `***` in place of the ranges, and where two bytes of it went.
struct Masked {
  std::string line;
  std::size_t begin;
  std::size_t end;
};

Masked mask(std::string_view line, const std::vector<ByteRange>& ranges, std::size_t begin, std::size_t end) {
  Masked masked{{}, std::string::npos, std::string::npos};
  auto range = ranges.begin();
  for (std::size_t i = 0; i < line.size();) {
    const bool hidden = range != ranges.end() && i == range->begin;
    const std::size_t next = hidden ? range->end : i + 1;
    const std::size_t here = masked.line.size();
    masked.line += hidden ? std::string_view("***") : line.substr(i, 1);
    if (masked.begin == std::string::npos && begin < next) masked.begin = here;
    if (masked.end == std::string::npos && end <= next) masked.end = masked.line.size();
    if (hidden) ++range;
    i = next;
  }
  masked.begin = std::min(masked.begin, masked.line.size());
  masked.end = std::min(masked.end, masked.line.size());
  return masked;
}

// Control characters could do something to a terminal.
void make_printable(std::string& line) {
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20U || c == 0x7F) c = ' ';
}

}  // namespace

int characters(std::string_view text) noexcept {
  return static_cast<int>(std::ranges::count_if(text, starts_character));
}

std::size_t byte_of_column(std::string_view line, int column) noexcept {
  int seen = 0;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (starts_character(line[i]) && ++seen == column) return i;
  return line.size();
}

std::size_t end_of_scalar(std::string_view line, std::size_t begin, std::string_view text) noexcept {
  if (begin >= line.size()) return line.size();
  if (!text.empty() && line.substr(begin).starts_with(text)) return begin + text.size();
  const char quote = line[begin];
  if (quote != '"' && quote != '\'') return line.size();
  for (std::size_t i = begin + 1; i < line.size(); ++i) {
    if (quote == '"' && line[i] == '\\')
      ++i;
    else if (line[i] == quote)
      return i + 1;
  }
  return line.size();
}

SourceFile::SourceFile(std::filesystem::path path, std::string text)
    : path_(path.string()),
      folder_(std::filesystem::absolute(path).parent_path().lexically_normal()),
      text_(std::move(text)) {
  const std::string_view all = text_;
  for (std::size_t from = 0; from < all.size();) {
    const std::size_t end = std::min(all.find('\n', from), all.size());
    std::string_view line = all.substr(from, end - from);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines_.push_back(line);
    from = end + 1;
  }
}

std::string_view SourceFile::line(int number) const noexcept {
  if (number < 1 || static_cast<std::size_t>(number) > lines_.size()) return {};
  return lines_[static_cast<std::size_t>(number) - 1];
}

bool SourceFile::closes(const Place& place) const noexcept {
  const std::string_view first = line(place.line);
  const std::size_t begin = byte_of_column(first, place.column);
  if (begin == first.size() || (first[begin] != '"' && first[begin] != '\'')) return true;
  const std::string_view rest =
      std::string_view(text_).substr(static_cast<std::size_t>(first.data() - text_.data()) + begin);
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[0] == '"' && rest[i] == '\\')
      ++i;
    else if (rest[i] == rest[0])
      return true;
  }
  return false;
}

void SourceFile::hide(const Place& place, std::string_view written) {
  const std::string_view first = line(place.line);
  const std::size_t begin = byte_of_column(first, place.column);
  const std::size_t end = end_of_scalar(first, begin, written);
  hidden_.insert_or_assign({place.line, place.column}, Extent{end, last_line_of(place, written)});
}

void SourceFile::reveal(const Place& place) { hidden_.erase({place.line, place.column}); }

// YAML's lines of a scalar are parts of its value; those of a quoted one may be escaped, and end with the
// quote.
int SourceFile::last_line_of(const Place& place, std::string_view written) const {
  const std::string_view first = line(place.line);
  const std::size_t begin = byte_of_column(first, place.column);
  const std::size_t end = end_of_scalar(first, begin, written);
  if (begin == end || (!written.empty() && first.substr(begin).starts_with(written))) return place.line;
  const char quote = first[begin];
  const bool quoted = quote == '"' || quote == '\'';
  if (quoted && end - begin > 1 && first[end - 1] == quote) return place.line;

  int last = place.line;
  while (static_cast<std::size_t>(last) < lines_.size()) {
    const std::string_view next = trimmed(line(last + 1));
    if (quoted && next.find(quote) != std::string_view::npos) return last + 1;
    if (!quoted && written.find(next) == std::string_view::npos) {
      const std::string_view word = next.substr(0, next.find_first_of(" ,]}"));
      return !word.empty() && written.find(word) != std::string_view::npos ? last + 1 : last;
    }
    ++last;
  }
  return last;
}

std::vector<ByteRange> SourceFile::hidden_ranges(int number) const {
  const std::string_view whole = line(number);
  std::vector<ByteRange> ranges = config::secret_ranges(whole);
  for (const auto& [begin, extent] : hidden_) {
    if (begin.first > number) break;
    if (begin.first == number)
      ranges.push_back({byte_of_column(whole, begin.second), extent.end});
    else if (number <= extent.last_line)
      ranges.push_back({0, whole.size()});
  }
  return ranges;
}

SourceFile::Quote SourceFile::quote(const Place& place) const {
  if (!quotable_) return {};
  const std::string_view whole = line(place.line);
  std::vector<ByteRange> ranges = hidden_ranges(place.line);
  const std::size_t begin = byte_of_column(whole, place.column);
  const std::size_t end = byte_of_column(whole, place.column + std::max(1, place.length));
  Masked shown = mask(whole, merged(std::move(ranges)), begin, end);
  make_printable(shown.line);

  std::string_view line = shown.line;
  std::size_t cut = 0;
  if (line.size() > window && shown.begin > before) cut = shown.begin - before;
  while (cut > 0 && cut < line.size() && !starts_character(line[cut])) ++cut;
  std::size_t stop = std::min(line.size(), cut + window);
  while (stop < line.size() && !starts_character(line[stop])) ++stop;

  Quote quote;
  if (cut > 0) quote.line = "...";
  quote.line += line.substr(cut, stop - cut);
  if (stop < line.size()) quote.line += "...";
  const int indent = characters(line.substr(cut, shown.begin - cut)) + (cut > 0 ? 3 : 0);
  const std::size_t last = std::clamp(shown.end, shown.begin, stop);
  const int length = std::max(1, characters(line.substr(shown.begin, last - shown.begin)));
  quote.mark = std::string(static_cast<std::size_t>(indent), ' ') + '^' +
               std::string(static_cast<std::size_t>(length) - 1, '~');
  return quote;
}

}  // namespace sluice::engine
