#include "top/area.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sluice::engine::top {

const Glyphs& glyphs(Charset charset) noexcept {
  static constexpr Glyphs utf8{U"▁▂▃▄▅▆▇█", U"▏▎▍▌▋▊▉█", {U"█", U"▓", U"▒", U"░"}, U"░", U"─", U"●",
                               U"‖",        U"→"};
  static constexpr Glyphs ascii{U".:|#", U"#", {U"#", U"=", U"+", U"-"}, U".", U"-", U"*", U"=", U"-"};
  return charset == Charset::utf8 ? utf8 : ascii;
}

Area Area::part(std::size_t row, std::size_t column, std::size_t rows, std::size_t width) const {
  Area part = *this;
  row = std::min(row, rows_);
  column = std::min(column, width_);
  part.row_ = row_ + row;
  part.column_ = column_ + column;
  part.rows_ = std::min(rows, rows_ - row);
  part.width_ = std::min(width, width_ - column);
  return part;
}

std::size_t Area::put(std::size_t row, std::size_t column, std::string_view text, Style style) const {
  return put(row, column, text, width_, style);
}

std::size_t Area::put(std::size_t row, std::size_t column, std::string_view text, std::size_t width,
                      Style style) const {
  width = std::min(width, width_ - std::min(column, width_));
  return draw(row, column, clipped(printable(text, charset_), width, charset_), style);
}

std::size_t Area::put_end(std::size_t row, std::size_t column, std::string_view text, std::size_t width,
                          Style style) const {
  width = std::min(width, width_ - std::min(column, width_));
  return draw(row, column, clipped_at_start(printable(text, charset_), width, charset_), style);
}

std::size_t Area::draw(std::size_t row, std::size_t column, std::u32string_view glyphs, Style style) const {
  if (row >= rows_ || column >= width_) return column;
  while (column + width_of(glyphs) > width_) glyphs.remove_suffix(1);
  return frame_->put(row_ + row, column_ + column, glyphs, style) - column_;
}

void Area::put_right(std::size_t row, std::size_t end, std::string_view text, Style style) const {
  const std::u32string shown = printable(text, charset_);
  const std::size_t width = width_of(shown);
  if (width <= end) draw(row, end - width, shown, style);
}

void Area::bar(std::size_t row, std::size_t column, std::size_t width, double share, Style style) const {
  const std::u32string_view parts = glyphs().parts;
  const double cells = (std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0) * static_cast<double>(width);
  const auto full = static_cast<std::size_t>(cells);
  const auto part =
      static_cast<std::size_t>((cells - static_cast<double>(full)) * static_cast<double>(parts.size()));
  for (std::size_t i = 0; i < width; ++i) {
    if (i < full)
      draw(row, column + i, parts.substr(parts.size() - 1), style);
    else if (i == full && part > 0)
      draw(row, column + i, parts.substr(part - 1, 1), style);
    else
      draw(row, column + i, glyphs().empty, Style::quiet);
  }
}

void draw_chart(const Area& area, const std::deque<double>& samples, Style style) {
  const std::size_t shown = std::min(area.width(), samples.size());
  if (shown < 2 || area.rows() == 0) return;
  const auto first = samples.end() - static_cast<std::ptrdiff_t>(shown);
  const double largest = std::max(*std::max_element(first, samples.end()), 1e-9);
  const std::u32string_view levels = area.glyphs().levels;
  const std::size_t steps = area.rows() * levels.size();
  for (std::size_t i = 0; i < shown; ++i) {
    const double sample = first[static_cast<std::ptrdiff_t>(i)];
    const std::size_t column = area.width() - shown + i;
    if (!(sample > 0)) {
      area.draw(area.rows() - 1, column, levels.substr(0, 1), Style::quiet);
      continue;
    }
    const double height = std::ceil(std::min(sample / largest, 1.0) * static_cast<double>(steps));
    auto left = std::max<std::size_t>(static_cast<std::size_t>(height), 1);
    for (std::size_t row = area.rows(); row-- > 0 && left > 0;) {
      const std::size_t level = std::min(left, levels.size());
      area.draw(row, column, levels.substr(level - 1, 1), style);
      left -= level;
    }
  }
}

void draw_shares(const Area& area, std::size_t row, std::size_t column, std::span<const Share> shares) {
  const std::size_t width = area.width() - std::min(column, area.width());
  const double whole = std::accumulate(shares.begin(), shares.end(), 0.0,
                                       [](double sum, const Share& share) { return sum + share.value; });
  if (!(whole > 0)) return;
  double so_far = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    so_far += shares[i].value;
    if (!(shares[i].value > 0)) continue;
    // Each is drawn to where it ends, so that roundings do not add up; a small one takes at least one cell.
    auto end = static_cast<std::size_t>(std::lround(so_far / whole * static_cast<double>(width)));
    end = std::min(std::max(end, at + 1), width);
    for (; at < end; ++at) area.draw(row, column + at, shares[i].shade, shares[i].style);
  }
}

}  // namespace sluice::engine::top
