// A handler turns an event into changes of documents. It is pure: the same event gives the same changes, on
// any thread, at any time, and nothing else happens. `sluice try` calls it twice and compares.
#pragma once

#include "sluice/changes.hpp"
#include "sluice/event.hpp"

namespace sluice {

// One instance for each worker thread: no locks needed.
class Handler {
 public:
  Handler() = default;
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  virtual ~Handler() = default;
  // Throw Reject for an event that can never be handled. One that is rejected changes nothing, whatever was
  // added to the changes before.
  virtual void handle(const Event& event, Changes& changes) = 0;
};

}  // namespace sluice
