// Notices a flood of dead letters: more than a ratio of the last events. One bad deployment must not empty a
// topic into the dead letters.
#pragma once

#include <cstddef>
#include <vector>

#include "pipeline/pipeline.hpp"

namespace sluice::engine {

class Breaker {
 public:
  explicit Breaker(const BreakerSettings& settings)
      : settings_(settings), recent_(settings.ratio > 0 ? settings.window : 0) {}

  // Counts one settled event; true once the flood is there.
  bool count(bool dead_letter) {
    if (recent_.empty()) return false;
    letters_ += dead_letter ? 1 : 0;
    letters_ -= recent_[next_] ? 1 : 0;
    recent_[next_] = dead_letter;
    next_ = (next_ + 1) % recent_.size();
    seen_ = std::min(seen_ + 1, recent_.size());
    const double limit = settings_.ratio * static_cast<double>(recent_.size());
    open_ = open_ || (seen_ == recent_.size() && static_cast<double>(letters_) >= limit);
    return open_;
  }

  [[nodiscard]] bool open() const noexcept { return open_; }
  [[nodiscard]] std::size_t letters() const noexcept { return letters_; }
  [[nodiscard]] std::size_t window() const noexcept { return recent_.size(); }

 private:
  BreakerSettings settings_;
  std::vector<bool> recent_;
  std::size_t next_ = 0;
  std::size_t seen_ = 0;
  std::size_t letters_ = 0;
  bool open_ = false;
};

}  // namespace sluice::engine
