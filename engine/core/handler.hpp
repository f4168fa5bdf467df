// What a pipeline asks of the code behind a route: a handler makes changes, a sink delivers events. Plugins
// are behind these interfaces (engine/plugin), and so are the fakes of the unit tests.
#pragma once

#include <span>

#include "base/result.hpp"
#include "core/event.hpp"
#include "core/write.hpp"

namespace sluice::engine {

class ChangeList;  // documents/change_list.hpp

// Gives the payload of the event at hand, as Decoder::payload does.
using PayloadSource = Decoder;

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
