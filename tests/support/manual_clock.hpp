// A clock that stands still until a test moves it. Any thread may read or move it.
#pragma once

#include <atomic>

#include "base/time.hpp"

namespace sluice::engine {

class ManualClock final : public Clock {
 public:
  // Starts at noon of 21 November 2026, an hour after the steady clock's beginning.
  ManualClock();

  [[nodiscard]] Instant now() const override;
  [[nodiscard]] Timestamp wall() const override;

  // Moves both clocks on.
  void advance(std::chrono::nanoseconds by);
  // Moves the calendar alone, back or forth, as an administrator might.
  void set_wall(Timestamp wall);

 private:
  std::atomic<std::chrono::nanoseconds::rep> steady_;
  std::atomic<std::chrono::nanoseconds::rep> calendar_;  // since 1970
};

}  // namespace sluice::engine
