// The progress of a load, as lines of text.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "kit/engine_status.hpp"

namespace sluice::kit {

struct Progress {
  EngineStatus engine;
  std::uint64_t target = 0;              // events expected in all
  std::uint64_t outbox = 0;              // rows written so far
  std::vector<std::string> labels;       // of engine.last_events: a username, a title
  std::deque<double> recent_latency_ms;  // of the last refreshes, for the sparkline
};

// The whole picture, for a terminal that is redrawn in place.
[[nodiscard]] std::vector<std::string> screen(const Progress& progress, bool colours);

// One line, for logs.
[[nodiscard]] std::string progress_line(const Progress& progress);

// "▁▃█": the numbers as heights between 0 and the largest.
[[nodiscard]] std::string sparkline(const std::deque<double>& numbers);

}  // namespace sluice::kit
