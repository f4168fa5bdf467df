// How the rows of a frame are shared among the panels.
#pragma once

#include <cstddef>
#include <vector>

#include "top/area.hpp"
#include "top/panels.hpp"

namespace sluice::engine::top {

// Panels side by side.
struct Band {
  std::vector<Panel> panels;
  int importance;  // when the rows do not suffice for all, the least important are left out first
};

// Each band gets what its panels need at least; the rest goes first to those that have more to tell, then to
// a blank row between bands, then to the charts.
void draw_bands(const Area& area, std::vector<Band> bands);

// Rows in which every band shows all it has.
[[nodiscard]] std::size_t rows_for_all(const std::vector<Band>& bands);

// The width of each of two panels side by side.
[[nodiscard]] std::size_t half_width(std::size_t width) noexcept;

}  // namespace sluice::engine::top
