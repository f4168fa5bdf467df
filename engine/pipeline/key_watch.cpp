#include "pipeline/key_watch.hpp"

#include <spdlog/spdlog.h>

#include "json/reader.hpp"
#include "json/writer.hpp"

namespace sluice::engine {
namespace {

std::string shown(const Record& record) {
  constexpr std::size_t enough = 120;
  if (!record.key) return "no key";
  std::string key = "the key ";
  key.append(record.key->substr(0, enough));
  return record.key->size() > enough ? key + "…" : key;
}

bool is_id(const bson::Value& value, std::string_view id) {
  if (const auto text = value.as_text()) return *text == id;
  std::string written;
  write_extended(value, written);
  return written == id;
}

// An object of the id, with the type beside it or not.
bool holds_only(bson::View object, std::string_view id, std::string_view type) {
  bool found = false;
  for (const bson::Element& field : object) {
    const bool here = is_id(field.value, id);
    if (!here && (type.empty() || !is_id(field.value, type))) return false;
    found |= here;
  }
  return found;
}

}  // namespace

bool is_keyed_by(const std::optional<std::string_view>& key, std::string_view aggregate_id,
                 std::string_view aggregate_type) {
  if (!key) return false;
  if (*key == aggregate_id) return true;
  std::string quoted;
  write_json_string(aggregate_id, quoted);
  if (*key == quoted) return true;

  JsonReader reader;
  const auto object = reader.read_plain(*key);
  if (!object) return false;
  const bson::Value payload = object->find("payload");
  const bool wrapped = payload && object->find("schema");
  if (!wrapped) return holds_only(*object, aggregate_id, aggregate_type);
  const auto inside = payload.as_document();
  return inside ? holds_only(*inside, aggregate_id, aggregate_type) : is_id(payload, aggregate_id);
}

void KeyWatch::examine(const Event& event) {
  const Record& record = *event.record;
  // That there are others shows by a record that is not of the first.
  if (record.partition_number == 0 || event.aggregate_id.empty()) return;
  left_.fetch_sub(1, std::memory_order_relaxed);
  if (is_keyed_by(record.key, event.aggregate_id, event.aggregate_type)) return;
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
