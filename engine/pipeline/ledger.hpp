// Which positions of a partition are unfinished. The smallest of them is the safe position: everything below
// it is settled, and only that may be committed.
//
// Pure and single-threaded. begin() and finish() take constant time.
#pragma once

#include <cstdint>
#include <deque>

#include "core/record.hpp"

namespace sluice::engine {

class Ledger {
 public:
  // Names an event from begin() to finish().
  enum class Slot : std::uint64_t {};

  // What is remembered of a settled position, to know its record again (core/journal.hpp).
  struct Mark {
    Position position;
    Timestamp timestamp{};
    std::uint64_t checksum = 0;
  };

  explicit Ledger(Position start) : safe_(start), next_(start) {}

  // Positions ascend, with gaps. Precondition: mark.position >= next().
  [[nodiscard]] Slot begin(const Mark& mark) {
    entries_.push_back({mark, false});
    next_ = mark.position.next();
    return Slot{first_ + entries_.size() - 1};
  }

  // Once for each slot, in any order.
  void finish(Slot slot) {
    entries_[static_cast<std::uint64_t>(slot) - first_].done = true;
    while (!entries_.empty() && entries_.front().done) {
      last_ = entries_.front().mark;
      entries_.pop_front();
      ++first_;
    }
    // Up to the next unfinished one there is nothing but gaps.
    safe_ = entries_.empty() ? next_ : entries_.front().mark.position;
  }

  // Whether everything before it is settled.
  [[nodiscard]] bool is_next(Slot slot) const noexcept { return static_cast<std::uint64_t>(slot) == first_; }
  [[nodiscard]] Position safe() const noexcept { return safe_; }
  [[nodiscard]] Position next() const noexcept { return next_; }
  // The last settled one below safe(); its position is -1 before any was.
  [[nodiscard]] const Mark& last() const noexcept { return last_; }
  // Begun and not below the safe position: unfinished, or finished behind an unfinished one.
  [[nodiscard]] std::size_t held() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    Mark mark;
    bool done;
  };
  std::deque<Entry> entries_;
  std::uint64_t first_ = 0;  // the slot of entries_.front()
  Position safe_;
  Position next_;
  Mark last_{{-1}, {}, 0};
};

}  // namespace sluice::engine
