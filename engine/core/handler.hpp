// What a pipeline asks of the code behind a route: a handler makes changes, a sink delivers events. Plugins
// are behind these interfaces (engine/plugin), and so are the fakes of the unit tests.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "core/change.hpp"
#include "core/event.hpp"
#include "core/write.hpp"

namespace sluice::engine {

// Gives the payload of the event at hand, as Decoder::payload does.
using PayloadSource = Decoder;

// Where a handler leaves its changes: copied into the arena, which outlives them.
//
// Raw bytes are the business of whoever has them from outside: the plugin boundary puts content, values and
// id through validate_document() and validate_value() (core/validate.hpp) with the sizes it was given, before
// it makes a Change of them. All else that a change can get wrong is checked by add().
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

// One instance for each worker thread. Pure: depends on the event and its options alone.
class Handler {
 public:
  virtual ~Handler() = default;
  // handler.rejected, handler.threw, handler.invalid_change, or the decode.* error of the payload.
  [[nodiscard]] virtual Result<void> handle(const Event& event, PayloadSource& payload,
                                            ChangeList& changes) = 0;
};

// One instance for each writer thread of the sink.
class Sink {
 public:
  virtual ~Sink() = default;
  // As StoreSession::write: a result for each event, and an error when nothing could be tried at all. The
  // events and their records are valid during the call.
  // Outcomes: applied, retry (sink.unavailable), rejected (sink.refused).
  virtual Result<void> deliver(std::span<const Event* const> events, std::span<WriteResult> results) = 0;
};

}  // namespace sluice::engine
