// A picture for a terminal: rows of styled cells. Pure values; all text that is put into one has been made
// printable before, so that a cell is a column and nothing moves the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "top/printable.hpp"

namespace sluice::engine::top {

// What a cell means; what it looks like is decided when the frame is written.
enum class Style : std::uint8_t { plain, quiet, strong, good, busy, warning, bad, accent, marked };

struct Cell {
  char32_t character = U' ';  // 0: the right half of a wide one
  Style style = Style::plain;
  bool operator==(const Cell&) const = default;
};

struct Size {
  std::size_t columns = 80;
  std::size_t rows = 24;
  bool operator==(const Size&) const = default;
};

class Frame {
 public:
  explicit Frame(Size size) : size_(size), cells_(size.columns * size.rows) {}

  [[nodiscard]] Size size() const noexcept { return size_; }
  [[nodiscard]] const Cell& at(std::size_t row, std::size_t column) const {
    return cells_[row * size_.columns + column];
  }

  // What does not fit into the row is not drawn. Returns the column after the text.
  std::size_t put(std::size_t row, std::size_t column, std::u32string_view text, Style style = Style::plain);

  // Everything in the one style: an old picture.
  void restyle(Style style);

 private:
  Size size_;
  std::vector<Cell> cells_;
};

enum class Colours { none, ansi };

// Without any style, without blanks at the ends of lines.
[[nodiscard]] std::string plain_text(const Frame& frame);

// The bytes that turn a terminal that shows `before` into one that shows the frame: the rows that differ.
// With no frame before, or one of another size, all is drawn. They never make a terminal scroll or wrap.
[[nodiscard]] std::string drawing(const Frame& frame, const Frame* before, Colours colours);

}  // namespace sluice::engine::top
