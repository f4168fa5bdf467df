#include "base/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/ascii.hpp"

namespace sluice::engine {
namespace {

// Names longer than this are no slip of anything, and comparing them would be slow.
constexpr std::size_t longest = 100;

// The optimal string alignment distance, with three rows of its table.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = ascii_lower(a[i - 1]) == ascii_lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && ascii_lower(a[i - 1]) == ascii_lower(b[j - 2]) &&
          ascii_lower(a[i - 2]) == ascii_lower(b[j - 1]))
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

bool prefix_of_either(std::string_view a, std::string_view b) {
  const std::size_t size = std::min(a.size(), b.size());
  return size >= 3 && a.substr(0, size) == b.substr(0, size);
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view written, std::span<const std::string_view> names) {
  if (written.empty() || written.size() > longest) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t least = 0;
  for (const std::string_view name : names) {
    if (name.size() > longest) continue;
    const std::size_t changes = distance(written, name);
    const bool slip = changes <= std::max<std::size_t>(1, std::min(written.size(), name.size()) / 3);
    if (!slip && !prefix_of_either(written, name)) continue;
    if (!best || changes < least) {
      best = name;
      least = changes;
    }
  }
  return best;
}

std::string suggestion(std::string_view written, std::span<const std::string_view> names) {
  if (const auto near = nearest(written, names)) return "; did you mean \"" + std::string(*near) + "\"?";
  if (names.empty()) return {};
  std::string text = "; there are: ";
  for (const std::string_view name : names) {
    if (name != names.front()) text += ", ";
    text += name;
  }
  return text;
}

}  // namespace sluice::engine
