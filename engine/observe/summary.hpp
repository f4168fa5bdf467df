// The line that a pipeline's log gets every ten seconds. Not thread-safe.
#pragma once

#include <optional>
#include <string>

#include "core/status.hpp"
#include "observe/numbers.hpp"
#include "observe/observer.hpp"

namespace sluice::engine {

struct SummaryLine {
  std::string text;
  bool warning = false;  // events are dead letters, or nothing moves
};

class Summary {
 public:
  explicit Summary(Instant start) : last_(start) {}

  // What happened since the last call; nothing when there was nothing to do.
  [[nodiscard]] std::optional<SummaryLine> next(Instant now, const Figures& figures,
                                                const PipelineStatus& status);

 private:
  Instant last_;
  Figures earlier_;
};

// The same of all figures together, for the end of a run.
[[nodiscard]] std::string whole_run(const Figures& figures);

}  // namespace sluice::engine
