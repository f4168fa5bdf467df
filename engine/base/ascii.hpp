// Letters of ASCII, whatever the locale.
#pragma once

namespace sluice::engine {

[[nodiscard]] constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace sluice::engine
