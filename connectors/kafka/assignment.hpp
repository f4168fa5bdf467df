// The partitions that this process holds, and how far each is: read, settled, committed, paused.
//
// Pure bookkeeping, without a client; the reader's thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/source.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

// Origins are kept as the metadata of a committed offset, and so change with it at once. Another program's
// metadata is none.
void note_origins(rd_kafka_topic_partition_t& one, const Origins& origins);
[[nodiscard]] Origins noted_origins(const rd_kafka_topic_partition_t& one);

// One for all consumers of a source: what is late for a partition of a consumer that was replaced is not
// taken for the next one's.
class PartitionNumbers {
 public:
  [[nodiscard]] PartitionId next() noexcept { return PartitionId{next_++}; }

 private:
  std::uint32_t next_ = 0;
};

class Assignment {
 public:
  // `numbers` outlive it.
  explicit Assignment(PartitionNumbers& numbers) : numbers_(numbers) {}

  static constexpr std::int64_t none = -1;

  struct Held {
    PartitionId id{};
    TopicPartition name;
    std::int64_t first = none;        // of the records that were handed on
    std::int64_t next = none;         // after the last record that was handed on
    std::int64_t end_reached = none;  // where the client found nothing more
    std::int64_t safe = none;         // may be committed
    Origins origins = {};             // of what is below `safe`
    std::int64_t asked = none;        // was sent to be committed
    std::int64_t committed = none;    // is
    bool pause = false;               // as the engine wants it
    bool paused = false;              // as the client has it
  };

  Held& add(const TopicPartition& name);
  void remove(PartitionId id);
  void clear();

  [[nodiscard]] Held* find(PartitionId id) noexcept;
  [[nodiscard]] Held* find(std::string_view topic, std::int32_t partition) noexcept;
  // The same for each message; quick while messages of one partition follow each other.
  [[nodiscard]] Held* holder(const rd_kafka_message_t& message) noexcept;
  [[nodiscard]] const std::vector<std::unique_ptr<Held>>& all() const noexcept { return held_; }
  [[nodiscard]] bool empty() const noexcept { return held_.empty(); }
  [[nodiscard]] bool all_to_be_paused() const noexcept;

  // A record was handed on.
  static void handed_on(Held& held, std::int64_t offset) noexcept {
    if (held.first == none) held.first = offset;
    held.next = offset + 1;
  }
  // Everything below is settled. Late words about a partition that is not held any more are passed over:
  // whoever holds it now commits for it.
  void settle(const SafePosition& position);
  // What is safe and was not asked to be committed yet; taken as asked.
  [[nodiscard]] PartitionList take_uncommitted();
  // What came of it, for each partition of the list.
  void committed(const rd_kafka_topic_partition_list_t& list, bool worked);

 private:
  std::vector<std::unique_ptr<Held>> held_;  // few: found by looking at each
  PartitionNumbers& numbers_;
  // Of the last message.
  const rd_kafka_topic_t* topic_ = nullptr;
  Held* holder_ = nullptr;
};

}  // namespace sluice::engine::kafka
