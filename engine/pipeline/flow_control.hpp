// Decides which partitions the reader must pause: all of them while too many events or bytes are unfinished,
// one of them while too many records stand between its safe and its newest position (a document that waits
// must not let everything behind it pile up in the ledger and in the next start's redelivery). Counted in
// records, as the positions of some sources are bytes.
//
// The reader's thread asks and counts what it has read; the conductor's thread says what has been finished.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "core/record.hpp"
#include "core/source.hpp"

namespace sluice::engine {

struct FlowLimits {
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  std::uint64_t distance = 0;  // records of one partition
};

class FlowControl {
 public:
  explicit FlowControl(FlowLimits limits) : limits_(limits) {}

  struct Step {
    PartitionId partition;
    bool pause;
  };
  struct Read {  // since the start
    std::uint64_t records;
    std::uint64_t bytes;
  };

  // The reader's.
  void add(PartitionId partition);
  void remove(PartitionId partition);
  void read(const Chunk& chunk);
  // What has to be paused and resumed now; taken as done.
  [[nodiscard]] std::vector<Step> steps();

  // The conductor's: totals since the start.
  void finished(std::uint64_t events, std::uint64_t bytes);
  // Records of the partition that the conductor has seen below its safe position, from the start.
  void passed(PartitionId partition, std::uint64_t records);

  // Any thread.
  [[nodiscard]] bool full() const;
  [[nodiscard]] bool paused(PartitionId partition) const;
  // Records since the partition was added.
  [[nodiscard]] std::uint64_t records_read(PartitionId partition) const;
  [[nodiscard]] std::uint64_t unfinished_bytes() const;
  [[nodiscard]] Read read_so_far() const;

 private:
  struct Partition {
    std::uint64_t read = 0;
    std::uint64_t passed = 0;
    bool far = false;
    bool paused = false;
  };

  mutable std::mutex mutex_;
  FlowLimits limits_;
  std::map<PartitionId, Partition> partitions_;
  std::uint64_t read_events_ = 0;
  std::uint64_t read_bytes_ = 0;
  std::uint64_t finished_events_ = 0;
  std::uint64_t finished_bytes_ = 0;
  bool full_ = false;
};

}  // namespace sluice::engine
