// Text from records and configurations, made fit for a terminal. It may hold anything: control characters,
// bytes that are not UTF-8, characters whose width terminals disagree about. What is not certain to take one
// or two columns is shown by its number, "\u{200B}".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::engine::top {

// Whether the terminal shows more than ASCII.
enum class Charset { ascii, utf8 };

// Only characters that width_of knows.
[[nodiscard]] std::u32string printable(std::string_view utf8, Charset charset);

// Columns: 1 or 2, or 0 for what must not be printed as it is.
[[nodiscard]] int width_of(char32_t character) noexcept;
[[nodiscard]] std::size_t width_of(std::u32string_view text) noexcept;

// At most so many columns; what is cut is replaced by an ellipsis, at the end or, where that tells more, at
// the start.
[[nodiscard]] std::u32string clipped(std::u32string_view text, std::size_t width, Charset charset);
[[nodiscard]] std::u32string clipped_at_start(std::u32string_view text, std::size_t width, Charset charset);

void append_utf8(std::string& out, char32_t character);

}  // namespace sluice::engine::top
