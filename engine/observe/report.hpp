// What is known of one pipeline at one moment: what every page, file and metric is made from. A value.
#pragma once

#include <vector>

#include "core/status.hpp"
#include "observe/observer.hpp"
#include "observe/watchdog.hpp"

namespace sluice::engine {

struct PipelineReport {
  PipelineStatus status;
  Figures figures;
  std::vector<Stall> stalls{};
};

}  // namespace sluice::engine
