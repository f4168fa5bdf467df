#include "core/origin.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

namespace sluice::engine {
namespace {

constexpr std::string_view format = "sluice-origins-1";
constexpr int base = 16;

auto rank(const Origin& origin) noexcept { return std::tie(origin.commit, origin.place); }

void write(std::uint64_t number, char before, std::string& out) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out += before;
  out.append(digits.data(), end);
}

bool read(std::string_view& text, char before, std::uint64_t& number) {
  if (!text.starts_with(before)) return false;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number, base);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool read(std::string_view& text, Origin& origin) {
  std::uint64_t committed = 0;
  if (!read(text, ' ', origin.source) || !read(text, ':', origin.commit) || !read(text, ':', origin.place) ||
      !read(text, ':', committed) || !read(text, ':', origin.row))
    return false;
  origin.committed = Timestamp(microseconds(static_cast<std::int64_t>(committed)));
  return true;
}

}  // namespace

bool Origins::add(const Origin& origin) {
  const auto of_source = [&](const Origin& one) { return one.source == origin.source; };
  const auto known = std::ranges::find_if(newest_, of_source);
  if (known == newest_.end()) {
    if (newest_.size() == most) newest_.erase(newest_.begin());
    newest_.push_back(origin);
    return true;
  }
  const bool later = origin.committed > known->committed;
  if (rank(origin) == rank(*known) && !later) {
    if (std::ranges::any_of(newest_,
                            [&](const Origin& one) { return of_source(one) && one.row == origin.row; }))
      return false;
    const Timestamp committed = known->committed;
    if (newest_.size() == most) newest_.erase(known);
    newest_.push_back(origin);
    newest_.back().committed = committed;
    return true;
  }
  if (rank(origin) < rank(*known) && !later) return false;
  // Commits may have times in a slightly other order than places: the latest of all counts.
  const Timestamp committed = std::max(origin.committed, known->committed);
  *known = origin;
  known->committed = committed;
  newest_.erase(std::remove_if(known + 1, newest_.end(), of_source), newest_.end());
  return true;
}

std::string Origins::to_text() const {
  std::string text;
  if (empty()) return text;
  text = format;
  for (const Origin& origin : newest_) {
    write(origin.source, ' ', text);
    write(origin.commit, ':', text);
    write(origin.place, ':', text);
    write(static_cast<std::uint64_t>(origin.committed.time_since_epoch().count()), ':', text);
    write(origin.row, ':', text);
  }
  return text;
}

Origins Origins::from_text(std::string_view text) {
  Origins origins;
  if (!text.starts_with(format)) return origins;
  text.remove_prefix(format.size());
  while (!text.empty()) {
    Origin& origin = origins.newest_.emplace_back();
    if (!read(text, origin) || origins.newest_.size() > most) return {};
  }
  return origins;
}

}  // namespace sluice::engine
