#include "top/layout.hpp"

#include <algorithm>
#include <numeric>

namespace sluice::engine::top {
namespace {

constexpr std::size_t gap = 2;  // columns between two panels

std::size_t largest(const Band& band, std::size_t Panel::*rows) {
  std::size_t most = 0;
  for (const Panel& panel : band.panels) most = std::max(most, panel.*rows);
  return most;
}

// With the rule above the body.
std::size_t least_rows(const Band& band) { return 1 + largest(band, &Panel::least); }

// In turn a row for each that can use one, until there is none left.
// Returns what is left.
std::size_t hand_out(std::vector<std::size_t>& rows, const std::vector<Band>& bands,
                     std::size_t Panel::*wanted, std::size_t spare) {
  for (bool given = true; given && spare > 0;) {
    given = false;
    for (std::size_t i = 0; i < bands.size() && spare > 0; ++i) {
      if (rows[i] >= 1 + largest(bands[i], wanted)) continue;
      ++rows[i];
      --spare;
      given = true;
    }
  }
  return spare;
}

void draw_band(const Area& area, const Band& band) {
  const std::size_t width = band.panels.size() == 1 ? area.width() : half_width(area.width());
  for (std::size_t i = 0; i < band.panels.size(); ++i) {
    // The last ends at the right edge, so that an odd column is between them.
    const std::size_t column = i == 0 ? 0 : area.width() - width;
    band.panels[i].draw(area.part(0, column, area.rows(), width));
  }
}

}  // namespace

std::size_t half_width(std::size_t width) noexcept { return (width - std::min(width, gap)) / 2; }

std::size_t rows_for_all(const std::vector<Band>& bands) {
  return std::accumulate(bands.begin(), bands.end(), std::size_t{0}, [](std::size_t sum, const Band& band) {
    return sum + 1 + std::max(largest(band, &Panel::least), largest(band, &Panel::enough));
  });
}

void draw_bands(const Area& area, std::vector<Band> bands) {
  const auto least = [&] {
    return std::accumulate(bands.begin(), bands.end(), std::size_t{0},
                           [](std::size_t sum, const Band& band) { return sum + least_rows(band); });
  };
  while (!bands.empty() && least() > area.rows())
    bands.erase(std::ranges::min_element(bands, std::ranges::less{}, &Band::importance));
  std::vector<std::size_t> rows;
  for (const Band& band : bands) rows.push_back(least_rows(band));
  std::size_t spare = area.rows() - least();
  spare = hand_out(rows, bands, &Panel::enough, spare);
  const bool airy = spare + 1 >= bands.size() && !bands.empty();
  if (airy) spare -= bands.size() - 1;
  hand_out(rows, bands, &Panel::most, spare);
  std::size_t row = 0;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    draw_band(area.part(row, 0, rows[i], area.width()), bands[i]);
    row += rows[i] + (airy ? 1 : 0);
  }
}

}  // namespace sluice::engine::top
