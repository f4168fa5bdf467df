// Making one change of several.
#pragma once

#include <cstdint>
#include <vector>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "core/change.hpp"

namespace sluice::engine {

// Of one handler, one event, one document: `first` and then `second` as one change, in the arena. Composed
// are patches on paths that do not overlap or with the same repeatable or commutative operator, a replace
// after anything unconditional, a remove after anything unconditional. All else (a set under a path that was
// pushed to, a patch of the document that was just inserted …) is the author's error: handler.invalid_change.
[[nodiscard]] Result<Change> compose(const Change& first, const Change& second, Arena& arena);

// One path is the other or lies below it: "a.b" and "a.b.c".
[[nodiscard]] bool overlap(std::string_view a, std::string_view b) noexcept;

// Builds the group of a queue: changes of successive events under one watermark key that may be written as
// one because the result is plainly the same. Those are unconditional patches on disjoint paths or with the
// same operator where its order does not matter or is kept (inc of integers, min, max, push, add_to_set,
// pull), and a replace after them. What is not plainly the same is left to be written one by one.
//
// Keeps its memory from group to group. Not thread-safe.
class Coalescer {
 public:
  // Starts a group with one change; it and those that follow are borrowed until finish().
  void start(const Change& change);
  // Whether the change joined the group; if not, the group is as it was.
  [[nodiscard]] bool add(const Change& change);
  // The group as one change. What had to be made is in the arena, all else borrowed from the parts.
  [[nodiscard]] Change finish(Arena& arena);

 private:
  // Beyond this many distinct operations a group ends: looking for their overlaps would cost more than it
  // saves.
  static constexpr std::size_t max_slots = 256;

  struct Slot {
    Operation operation;   // the first of its path, or one of several that are kept in order
    std::int64_t sum = 0;  // of inc
    bool summed = false;   // more than one inc went into it
  };
  enum class Join : std::uint8_t { new_slot, merge, ignored, refused };
  struct Step {
    Join how;
    std::size_t slot;
  };

  void open_slots();
  [[nodiscard]] Step place(const Operation& operation) const;
  void take(const Operation& operation, Step step);

  Change base_;
  bool single_ = true;  // nothing joined yet: base_ is the group
  std::vector<Slot> slots_;
  std::vector<Step> steps_;
};

}  // namespace sluice::engine
