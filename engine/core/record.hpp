// What a source reads: records, of partitions, at positions.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace sluice::engine {

struct Error;

// Where a record stands in its partition: a Kafka offset, an outbox row's key, a byte offset in a file.
// Grows along the partition, with gaps; below 2^56, so that a generation fits above it (core/sequence.hpp).
struct Position {
  std::int64_t value = 0;
  auto operator<=>(const Position&) const = default;
  [[nodiscard]] Position next() const noexcept { return {value + 1}; }
};

struct TopicPartition {
  std::string topic;  // the outbox table or the file where there are no topics
  std::int32_t partition = 0;
  auto operator<=>(const TopicPartition&) const = default;
};

// One assignment of a partition to this process, numbered by the source. A partition that is taken away and
// comes back is a new one, so that what is late for the old one cannot be mistaken.
enum class PartitionId : std::uint32_t {};

struct Header {
  std::string_view name;
  std::optional<std::string_view> value;
};

enum class TimestampKind : std::uint8_t { none, create, log_append };

// Borrowed: all views are valid while the Chunk lives.
struct Record {
  PartitionId partition{};
  Position position;
  std::string_view topic;  // as the record says; a file may hold records of many topics
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;  // none is a tombstone
  std::span<const Header> headers;
  Timestamp timestamp{};  // T2
  TimestampKind timestamp_kind = TimestampKind::none;
  // Set where the source itself found that this is no event (a line too long to hold, one that is no record):
  // it is a dead letter with this code and reason, and no decoder sees it. The value is what there is of it.
  const Error* fault = nullptr;
  // The partition's number within the topic, as people and other systems know it.
  std::int32_t partition_number = 0;
};

// Of key, value and headers.
[[nodiscard]] inline std::size_t size_of(const Record& record) noexcept {
  std::size_t size = (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
  for (const Header& header : record.headers)
    size += header.name.size() + (header.value ? header.value->size() : 0);
  return size;
}

// What must outlive a chunk's records; each source derives its own. Destroyed on any thread.
class ChunkMemory {
 public:
  virtual ~ChunkMemory() = default;
};

// Records of one poll, of one partition or several; in position order within each.
struct Chunk {
  std::vector<Record> records;
  std::unique_ptr<ChunkMemory> memory;
  Timestamp polled{};     // T3
  std::size_t bytes = 0;  // of keys, values and headers
};

}  // namespace sluice::engine
