// Making one change of several.
#pragma once

#include <optional>
#include <vector>

#include "core/arena.hpp"
#include "core/change.hpp"
#include "core/result.hpp"

namespace sluice::engine {

// Of one handler, one event, one document: `first` and then `second` as one change. What cannot be composed
// (two sets of different kind on overlapping paths, a condition after an effect, anything after a remove) is
// the author's error: handler.invalid_change.
[[nodiscard]] Result<Change> compose(const Change& first, const Change& second, Arena& arena);

// Builds the group of a queue: changes of successive events under one watermark key that may be written as one,
// because the result is plainly the same. Only unconditional patches on disjoint paths or with the same
// commutative operator (inc of integers, min, max, add_to_set; push in order), and a replace with all before it.
class Coalescer {
 public:
  // Starts a group with one change.
  void start(const Change& change);
  // Whether the change joined the group.
  [[nodiscard]] bool add(const Change& change);
  // The group as one change; its operations and numbers live in the arena, all else is borrowed from its parts.
  [[nodiscard]] Change finish(Arena& arena);

 private:
  struct Slot {
    Operation operation;
    std::int64_t sum = 0;   // of inc
    bool summed = false;
    std::uint64_t path_hash = 0;
  };
  [[nodiscard]] bool fits(const Change& change);
  void absorb(const Operation& operation);

  Change base_;
  bool only_base_ = true;
  std::vector<Slot> slots_;
  std::vector<std::pair<const Operation*, std::size_t>> matches_;
};

}  // namespace sluice::engine
