// Notices a flood of dead letters: more than a ratio of the last events. One bad deployment must not empty a
// topic into the dead letters.
//
// Events count in the order of their positions, not in that of their endings: a refused event ends at once,
// its good neighbours when they are written, and after every pause the bad ones of a backlog would end first
// and look like a flood.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "pipeline/ledger.hpp"
#include "pipeline/pipeline.hpp"

namespace sluice::engine {

class Breaker {
 public:
  explicit Breaker(const BreakerSettings& settings)
      : settings_(settings), recent_(settings.ratio > 0 ? settings.window : 0) {}

  // Counts one event.
  void count(bool dead_letter) {
    if (recent_.empty() || open_) return;
    letters_ += dead_letter ? 1 : 0;
    letters_ -= recent_[next_] ? 1 : 0;
    recent_[next_] = dead_letter;
    next_ = (next_ + 1) % recent_.size();
    seen_ = std::min(seen_ + 1, recent_.size());
    const double limit = settings_.ratio * static_cast<double>(recent_.size());
    open_ = seen_ == recent_.size() && static_cast<double>(letters_) >= limit;
  }

  // Once the flood was there.
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

// The events of one partition on their way to the breaker, in the order of their positions. Slots are those
// of the partition's ledger.
class BreakerLine {
 public:
  void begin() { events_.push_back(State::unfinished); }

  // Not an event: does not count.
  void leave_out(Ledger::Slot slot, Breaker& breaker) { set(slot, State::left_out, breaker); }
  void finish(Ledger::Slot slot, bool dead_letter, Breaker& breaker) {
    const bool has_counted = static_cast<std::uint64_t>(slot) < first_ || at(slot) == State::good;
    if (!has_counted) return set(slot, dead_letter ? State::letter : State::good, breaker);
    if (dead_letter) breaker.count(true);
  }
  // It waits for a document: until then it counts as good, so that a flood cannot hide behind it.
  void let_pass(Ledger::Slot slot, Breaker& breaker) {
    if (static_cast<std::uint64_t>(slot) >= first_) set(slot, State::good, breaker);
  }

 private:
  enum class State : std::uint8_t { unfinished, good, letter, left_out };

  State& at(Ledger::Slot slot) { return events_[static_cast<std::uint64_t>(slot) - first_]; }
  void set(Ledger::Slot slot, State state, Breaker& breaker) {
    at(slot) = state;
    while (!events_.empty() && events_.front() != State::unfinished) {
      if (events_.front() != State::left_out) breaker.count(events_.front() == State::letter);
      events_.pop_front();
      ++first_;
    }
  }

  std::deque<State> events_;
  std::uint64_t first_ = 0;  // the slot of events_.front()
};

}  // namespace sluice::engine
