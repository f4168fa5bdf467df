// Which positions of a partition are unfinished. The smallest of them is the safe position: everything below
// it is settled, and only that may be committed.
//
// Pure and single-threaded. begin() and finish() take constant time.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <tuple>
#include <utility>

#include "core/origin.hpp"
#include "core/record.hpp"

namespace sluice::engine {

class Ledger {
 public:
  // Names an event from begin() to finish().
  enum class Slot : std::uint64_t {};

  struct Mark {
    Position position;
    Timestamp timestamp{};
  };

  explicit Ledger(Position start, Origins origins = {})
      : safe_(start), next_(start), settled_origins_(std::move(origins)) {}

  // Positions ascend, with gaps. Precondition: mark.position >= next().
  [[nodiscard]] Slot begin(const Mark& mark, const std::optional<Origin>& origin = {}) {
    entries_.push_back({mark, false});
    if (origin) origins_.push_back({mark.position, *origin});
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
    for (; !origins_.empty() && origins_.front().position < safe_; origins_.pop_front())
      std::ignore = settled_origins_.add(origins_.front().origin);
  }

  // Whether everything before it is settled.
  [[nodiscard]] bool is_next(Slot slot) const noexcept { return static_cast<std::uint64_t>(slot) == first_; }
  [[nodiscard]] Position safe() const noexcept { return safe_; }
  [[nodiscard]] Position next() const noexcept { return next_; }
  // The last settled one below safe(); its position is -1 before any was.
  [[nodiscard]] const Mark& last() const noexcept { return last_; }
  // The newest of what is below safe().
  [[nodiscard]] const Origins& origins() const noexcept { return settled_origins_; }
  // Begun and not below the safe position: unfinished, or finished behind an unfinished one.
  [[nodiscard]] std::size_t held() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    Mark mark;
    bool done;
  };
  struct Placed {
    Position position;
    Origin origin;
  };
  std::deque<Entry> entries_;
  std::deque<Placed> origins_;  // of the entries that have one
  std::uint64_t first_ = 0;     // the slot of entries_.front()
  Position safe_;
  Position next_;
  Mark last_{{-1}, {}};
  Origins settled_origins_;
};

}  // namespace sluice::engine
