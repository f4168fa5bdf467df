// Names of plugins, components and options.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace sluice::engine {

// [a-z][a-z0-9_]*, at most 63 characters.
[[nodiscard]] constexpr bool is_name(std::string_view text) noexcept {
  constexpr std::size_t longest = 63;
  if (text.empty() || text.size() > longest || text.front() < 'a' || text.front() > 'z') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// Not empty, and nothing but visible ASCII.
[[nodiscard]] constexpr bool is_printable(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace sluice::engine
