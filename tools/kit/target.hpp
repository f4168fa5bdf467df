// Where a generator brings its events. One thread; errors are std::runtime_error, and the program ends with
// them.
#pragma once

#include "kit/time.hpp"
#include "kit/world.hpp"

namespace sluice::kit {

class EventTarget {
 public:
  EventTarget() = default;
  virtual ~EventTarget() = default;
  EventTarget(const EventTarget&) = delete;
  EventTarget& operator=(const EventTarget&) = delete;

  virtual void add(const OutboxEvent& event, Micros created_at) = 0;
  // What was added becomes visible to others, now or soon.
  virtual void commit() = 0;
  // The last commit: returns when all of it is there for good.
  virtual void finish() { commit(); }

  // Events of an earlier run, whose ids must not come again.
  [[nodiscard]] virtual std::uint64_t rows_before() const { return 0; }
};

}  // namespace sluice::kit
