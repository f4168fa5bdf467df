// A rectangle of a frame, and what is drawn into one: text, bars, charts. Nothing is drawn outside of it.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <span>
#include <string_view>

#include "top/frame.hpp"

namespace sluice::engine::top {

// The characters that are not letters, for both charsets.
struct Glyphs {
  std::u32string_view levels;                 // of a chart, from the lowest
  std::u32string_view parts;                  // of a bar's last cell, from the smallest to full
  std::array<std::u32string_view, 4> shades;  // told apart without colour
  std::u32string_view empty;                  // the rest of a bar
  std::u32string_view rule;
  std::u32string_view dot;
  std::u32string_view pause;
  std::u32string_view arrow;
};
[[nodiscard]] const Glyphs& glyphs(Charset charset) noexcept;

class Area {
 public:
  Area(Frame& frame, Charset charset)
      : frame_(&frame), charset_(charset), width_(frame.size().columns), rows_(frame.size().rows) {}

  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] Charset charset() const noexcept { return charset_; }
  [[nodiscard]] const Glyphs& glyphs() const noexcept { return top::glyphs(charset_); }

  // The part of it that lies there; smaller than asked for where it ends.
  [[nodiscard]] Area part(std::size_t row, std::size_t column, std::size_t rows, std::size_t width) const;

  // Each returns the column after what it drew. Text is made printable, and clipped to the width.
  std::size_t put(std::size_t row, std::size_t column, std::string_view text,
                  Style style = Style::plain) const;
  std::size_t put(std::size_t row, std::size_t column, std::string_view text, std::size_t width,
                  Style style) const;
  std::size_t put_end(std::size_t row, std::size_t column, std::string_view text, std::size_t width,
                      Style style) const;  // clipped at its start
  std::size_t draw(std::size_t row, std::size_t column, std::u32string_view glyphs, Style style) const;

  // Text that ends before the column; what does not fit is left out.
  void put_right(std::size_t row, std::size_t end, std::string_view text, Style style = Style::plain) const;

  // The share from 0 to 1 of the width.
  void bar(std::size_t row, std::size_t column, std::size_t width, double share, Style style) const;

 private:
  Frame* frame_;
  Charset charset_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  std::size_t width_;
  std::size_t rows_;
};

// The newest samples at the right edge, over all rows, from zero to the largest that is shown.
void draw_chart(const Area& area, const std::deque<double>& samples, Style style);

// The shares of a whole side by side, each in its shade and style; what is not zero is seen.
struct Share {
  double value;
  std::u32string_view shade;
  Style style;
};
void draw_shares(const Area& area, std::size_t row, std::size_t column, std::span<const Share> shares);

}  // namespace sluice::engine::top
