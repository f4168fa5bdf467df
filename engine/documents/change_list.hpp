// The changes that one event asks of one handler.
#pragma once

#include <span>
#include <vector>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "core/change.hpp"

namespace sluice::engine {

// Where a handler leaves its changes: copied into the arena, which outlives them.
//
// Raw bytes are the business of whoever has them from outside: the plugin boundary puts content, values and
// id through validate_document() and validate_value() (documents/validate.hpp) with the sizes it was given,
// before it makes a Change of them. All else that a change can get wrong is checked by add().
class ChangeList {
 public:
  explicit ChangeList(Arena& arena) : arena_(arena) {}

  // Adds a change with a collection's logical name and any id; normalises and validates, copies, and composes
  // with an earlier change of the same document. An error is handler.invalid_change.
  [[nodiscard]] Result<void> add(const Change& change);

  [[nodiscard]] std::span<const Change> changes() const noexcept { return changes_; }
  [[nodiscard]] std::span<Change> changes() noexcept { return changes_; }
  [[nodiscard]] Arena& arena() noexcept { return arena_; }
  void clear() noexcept { changes_.clear(); }

 private:
  Arena& arena_;
  std::vector<Change> changes_;
};

}  // namespace sluice::engine
