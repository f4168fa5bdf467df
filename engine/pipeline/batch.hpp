// What the conductor lends to a writer, and what comes back.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/arena.hpp"
#include "core/handler.hpp"
#include "core/write.hpp"

namespace sluice::engine {

struct Queue;
struct Task;

// Owned by the conductor, then by one writer, then by the conductor again. What the writes and events point
// at stays where it is as long as the batch is out.
struct Batch {
  // Consecutive tasks of one queue, from its head, that became one write or delivery.
  struct Group {
    Queue* queue = nullptr;
    Task* first = nullptr;
    std::uint32_t count = 0;
  };

  std::uint16_t target = 0;
  std::vector<Write> writes;         // for the store
  std::vector<const Event*> events;  // for a sink
  std::vector<Group> groups;         // the conductor's: one for each write or event
  Arena arena;                       // for what coalescing made
  std::size_t changes = 0;           // tasks in all groups
  std::size_t bytes = 0;             // of their works

  [[nodiscard]] std::size_t size() const noexcept { return groups.size(); }
};

struct WrittenBatch {
  std::unique_ptr<Batch> batch;
  std::vector<WriteResult> results;  // one for each group
  Result<void> reached;              // an error: the target as a whole was out of reach
  Timestamp finished{};              // T5
  microseconds took{0};
};

}  // namespace sluice::engine
