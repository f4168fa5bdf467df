#include "top/frame.hpp"

namespace sluice::engine::top {
namespace {

// Of a terminal's own palette: it fits both light and dark ones.
std::string_view sequence(Style style, Colours colours) {
  const bool colour = colours == Colours::ansi;
  switch (style) {
    case Style::plain:
      return "\033[0m";
    case Style::quiet:
      return colour ? "\033[0;90m" : "\033[0;2m";
    case Style::strong:
      return "\033[0;1m";
    case Style::good:
      return colour ? "\033[0;32m" : "\033[0m";
    case Style::busy:
      return colour ? "\033[0;34m" : "\033[0m";
    case Style::warning:
      return colour ? "\033[0;33m" : "\033[0;1m";
    case Style::bad:
      return colour ? "\033[0;1;31m" : "\033[0;1m";
    case Style::accent:
      return colour ? "\033[0;36m" : "\033[0m";
    case Style::marked:
      return "\033[0;7m";
  }
  return "\033[0m";
}

bool same_row(const Frame& one, const Frame& other, std::size_t row) {
  for (std::size_t column = 0; column < one.size().columns; ++column)
    if (one.at(row, column) != other.at(row, column)) return false;
  return true;
}

std::size_t drawn_columns(const Frame& frame, std::size_t row) {
  std::size_t columns = frame.size().columns;
  while (columns > 0 && frame.at(row, columns - 1) == Cell{}) --columns;
  return columns;
}

void draw_row(std::string& out, const Frame& frame, std::size_t row, Colours colours) {
  out += "\033[" + std::to_string(row + 1) + ";1H\033[0m";
  Style current = Style::plain;
  const std::size_t columns = drawn_columns(frame, row);
  for (std::size_t column = 0; column < columns; ++column) {
    const Cell& cell = frame.at(row, column);
    if (cell.character == 0) continue;
    if (cell.style != current) out += sequence(current = cell.style, colours);
    append_utf8(out, cell.character);
  }
  if (current != Style::plain) out += "\033[0m";
  // In a full row the cursor stands on the last cell, which erasing would take away.
  if (columns < frame.size().columns) out += "\033[K";
}

}  // namespace

std::size_t Frame::put(std::size_t row, std::size_t column, std::u32string_view text, Style style) {
  if (row >= size_.rows) return column;
  Cell* const cells = cells_.data() + row * size_.columns;
  for (const char32_t character : text) {
    const auto width = static_cast<std::size_t>(width_of(character));
    if (width == 0) continue;
    if (column + width > size_.columns) break;
    cells[column++] = {character, style};
    if (width == 2) cells[column++] = {0, style};
  }
  return column;
}

void Frame::restyle(Style style) {
  for (Cell& cell : cells_)
    if (cell != Cell{}) cell.style = style;
}

std::string plain_text(const Frame& frame) {
  std::string text;
  for (std::size_t row = 0; row < frame.size().rows; ++row) {
    std::string line;
    for (std::size_t column = 0; column < frame.size().columns; ++column)
      if (const char32_t character = frame.at(row, column).character; character != 0)
        append_utf8(line, character);
    line.resize(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

std::string drawing(const Frame& frame, const Frame* before, Colours colours) {
  if (before != nullptr && before->size() != frame.size()) before = nullptr;
  std::string out = before == nullptr ? "\033[0m\033[2J" : "";
  for (std::size_t row = 0; row < frame.size().rows; ++row)
    if (before == nullptr || !same_row(frame, *before, row)) draw_row(out, frame, row, colours);
  return out;
}

}  // namespace sluice::engine::top
