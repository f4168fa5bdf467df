// Looks at the keys of a pipeline's first events: on a topic of several partitions, records that are not
// keyed by their aggregate scatter its events, in no order. Says so, once.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "core/event.hpp"

namespace sluice::engine {

// Whether a record's key is that of its event's aggregate: only then do all events of the aggregate lie in
// one partition, in order.
//
// The key may be the id itself, or JSON with nothing in it but the id and the aggregate's type, as Connect's
// converters write: "u-1", {"aggregate_type":"user","aggregate_id":"u-1"}, and either wrapped in
// {"schema":…,"payload":…}. Reads JSON: not for every record.
[[nodiscard]] bool is_keyed_by(const std::optional<std::string_view>& key, std::string_view aggregate_id,
                               std::string_view aggregate_type = {});

// Any thread.
class KeyWatch {
 public:
  explicit KeyWatch(std::string pipeline) : pipeline_(std::move(pipeline)) {}

  // The event as it was just decoded. Costs next to nothing once enough have been looked at.
  void look(const Event& event) {
    if (left_.load(std::memory_order_relaxed) > 0) examine(event);
  }

 private:
  void examine(const Event& event);

  std::string pipeline_;
  std::atomic<int> left_{500};  // to be looked at
  std::atomic_flag said_;
};

}  // namespace sluice::engine
