// Whether a text is a word that the source names. As a comparison of two string_views this calls memcmp by
// way of compare(); the length known, it is one or two instructions.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace sluice::engine {

template <std::size_t Size>
[[nodiscard]] bool is(std::string_view text, const char (&word)[Size]) noexcept {
  return text.size() == Size - 1 && std::memcmp(text.data(), word, Size - 1) == 0;
}

}  // namespace sluice::engine
