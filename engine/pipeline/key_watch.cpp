#include "pipeline/key_watch.hpp"

#include <spdlog/spdlog.h>

#include "core/record_key.hpp"

namespace sluice::engine {
namespace {

std::string shown(const Record& record) {
  constexpr std::size_t enough = 120;
  if (!record.key) return "no key";
  std::string key = "the key ";
  key.append(record.key->substr(0, enough));
  return record.key->size() > enough ? key + "…" : key;
}

}  // namespace

void KeyWatch::examine(const Event& event) {
  const Record& record = *event.record;
  // That there are others shows by a record that is not of the first.
  if (record.partition_number == 0 || event.aggregate_id.empty()) return;
  left_.fetch_sub(1, std::memory_order_relaxed);
  if (is_keyed_by(record.key, event.aggregate_id)) return;
  left_.store(0, std::memory_order_relaxed);
  if (said_.test_and_set()) return;
  spdlog::warn(
      "[{}] \"{}\" has several partitions, and its records are not keyed by their aggregate: the one at "
      "partition {} position {} has {}, and is about {}. The events of one aggregate come in no certain "
      "order so. With Debezium: message.key.columns (configs/debezium/outbox.json), or the event router's "
      "table.field.event.key",
      pipeline_, record.topic, record.partition_number, record.position.value, shown(record),
      event.aggregate_id);
}

}  // namespace sluice::engine
