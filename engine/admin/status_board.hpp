// The last snapshot of all pipelines: hung up by whoever runs them, read by the pages. However often they are
// asked for, the pipelines are looked at only as often as somebody puts up a new one. Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "observe/report.hpp"

namespace sluice::engine {

struct Snapshot {
  std::vector<PipelineReport> reports;
  Instant taken{};
  Timestamp time{};
  microseconds uptime{0};
  bool draining = false;  // the process was asked to end
};

class StatusBoard {
 public:
  void put(Snapshot snapshot) {
    auto latest = std::make_shared<const Snapshot>(std::move(snapshot));
    const std::lock_guard lock(mutex_);
    latest_.swap(latest);
  }
  // Null before the first.
  [[nodiscard]] std::shared_ptr<const Snapshot> latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> latest_;
};

}  // namespace sluice::engine
