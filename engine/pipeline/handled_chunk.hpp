// What a worker makes of a chunk and hands to the conductor: for each record how it was handled, and for each
// event the changes and deliveries that it asks for.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "core/change.hpp"
#include "core/event.hpp"

namespace sluice::engine {

enum class Handling : std::uint8_t {
  handled,      // changes and deliveries, possibly none
  passed_over,  // no event: a tombstone, a delete; or another instance's share
  ignored,      // no route takes it, and that is wanted
  refused,      // a dead letter: the code and the reason say why
  stops,        // no route takes it, and the pipeline shall stop
};

// One change of a document, or one delivery of an event to a sink: what waits in a queue.
struct Work {
  std::uint16_t target = 0;   // 0 is the store, the sinks follow
  std::uint16_t handler = 0;  // index of the handler binding; of a delivery: unused
  std::uint32_t bytes = 0;
  Change change;  // of a delivery only its document: the event's key, by which the queue is found
};

struct HandledEvent {
  const Record* record = nullptr;
  Event event;  // texts in the arena of the chunk or in the record
  Handling handling = Handling::passed_over;
  Code code = Code::internal;  // of refused and stops
  std::string_view reason;
  std::span<const Work> work;
};

// Owned by one thread at a time: worker, then conductor; writers read what the conductor lends them.
struct HandledChunk {
  std::uint64_t number = 0;  // chunks are numbered as they are read, from 0
  Chunk chunk;
  Arena arena;
  std::vector<HandledEvent> events;  // one for each record
};

}  // namespace sluice::engine
