// The escapes of a JSON text (RFC 8259, section 7).
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice::engine {

// How many bytes unescape_json() may read behind the text, and write behind what it makes.
constexpr std::size_t unescape_slack = 64;

// Writes the text without its escapes to `to`, which has room for as many bytes and the slack, and returns
// its end. Null when an escape is wrong or a surrogate stands alone. The text is what stands between two
// quotes.
[[nodiscard]] char* unescape_json(std::string_view text, char* to) noexcept;

}  // namespace sluice::engine
