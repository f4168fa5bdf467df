// The parts of the dashboard, each of which says how many rows it can use and draws itself into what it gets.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "top/area.hpp"
#include "top/model.hpp"

namespace sluice::engine::top {

struct Panel {
  std::string title;
  std::string captions;  // at the right edge, over the columns of the body
  std::size_t least;     // rows of the body: below, it is left out
  std::size_t enough;    // to show all it has
  std::size_t most;      // that it can fill; of charts more than enough
  std::function<void(const Area&)> draw_body;

  // A rule with the title and the captions, and below it the body.
  void draw(const Area& area) const;
};

// All borrow the pipeline and the history. The width is that of the body.
[[nodiscard]] Panel throughput_panel(const Pipeline& pipeline, const History& history);
[[nodiscard]] Panel latency_panel(const Pipeline& pipeline, const History& history, Charset charset);
[[nodiscard]] Panel stages_panel(const Pipeline& pipeline, Charset charset);
[[nodiscard]] Panel types_panel(const Pipeline& pipeline, std::size_t width);
[[nodiscard]] Panel partitions_panel(const Pipeline& pipeline, std::size_t width);
[[nodiscard]] Panel writers_panel(const Pipeline& pipeline);
[[nodiscard]] Panel trouble_panel(const Pipeline& pipeline, std::size_t width, Charset charset);
[[nodiscard]] Panel last_events_panel(const Pipeline& pipeline, std::size_t width);

}  // namespace sluice::engine::top
