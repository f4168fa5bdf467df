#include "plugin/version_range.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace sluice::engine {
namespace {

// "1", "1.2" or "1.2.3".
std::optional<std::vector<unsigned>> parse_version(std::string_view text) {
  std::vector<unsigned> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    unsigned number = 0;
    const auto parsed = std::from_chars(at, end, number);
    if (parsed.ec != std::errc() || numbers.size() == 3) return std::nullopt;
    numbers.push_back(number);
    if (parsed.ptr == end) return numbers;
    if (*parsed.ptr != '.') return std::nullopt;
    at = parsed.ptr + 1;
  }
}

bool skip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

Result<VersionRange> VersionRange::parse(std::string_view text) {
  VersionRange range;
  range.text_ = text;
  for (std::string_view rest = text;;) {
    while (skip(rest, " ")) continue;
    if (rest.empty()) return range;
    if (skip(rest, "*")) continue;

    Comparison comparison = Comparison::equal;
    if (skip(rest, ">="))
      comparison = Comparison::at_least;
    else if (skip(rest, "<="))
      comparison = Comparison::at_most;
    else if (skip(rest, ">"))
      comparison = Comparison::above;
    else if (skip(rest, "<"))
      comparison = Comparison::below;
    else if (skip(rest, "="))
      comparison = Comparison::equal;
    while (skip(rest, " ")) continue;

    const std::string_view word = rest.substr(0, rest.find(' '));
    auto version = parse_version(word);
    if (!version)
      return Error{Code::configuration_invalid,
                   "\"" + std::string(text) + "\" is no range of versions; write for example \">=1.0 <2\""};
    range.conditions_.push_back({comparison, *std::move(version)});
    rest.remove_prefix(word.size());
  }
}

bool VersionRange::holds(const Condition& condition, const std::vector<unsigned>& version) {
  const std::vector<unsigned> compared(
      version.begin(),
      version.begin() + static_cast<std::ptrdiff_t>(std::min(version.size(), condition.version.size())));
  switch (condition.comparison) {
    case Comparison::at_least:
      return compared >= condition.version;
    case Comparison::above:
      return compared > condition.version;
    case Comparison::at_most:
      return compared <= condition.version;
    case Comparison::below:
      return compared < condition.version;
    case Comparison::equal:
      return compared == condition.version;
  }
  return false;
}

bool VersionRange::contains(std::string_view version) const {
  const auto parsed = parse_version(version);
  if (!parsed || parsed->size() != 3) return false;
  for (const Condition& condition : conditions_)
    if (!holds(condition, *parsed)) return false;
  return true;
}

}  // namespace sluice::engine
