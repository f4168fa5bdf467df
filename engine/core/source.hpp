// Where records come from.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "base/result.hpp"
#include "core/origin.hpp"
#include "core/record.hpp"

namespace sluice::engine {

// How far a partition is settled: below `next`, where the newest rows of a database's log were `origins`. The
// two belong together: a source that remembers positions remembers both. One that was set by hand has no
// origins.
struct Progress {
  Position next;
  Origins origins = {};
  bool operator==(const Progress&) const = default;
};

struct SafePosition {
  PartitionId partition;
  Progress settled;
};

// What a source tells of its partitions, on the reader's thread, from within poll().
class PartitionListener {
 public:
  virtual ~PartitionListener() = default;

  // A partition is ours from now on. `committed` is where the source itself would go on, if it remembers
  // positions (a consumer group does). Returns where to start; nothing: the source's own choice of a
  // beginning. An error stops the pipeline.
  [[nodiscard]] virtual Result<std::optional<Progress>> assigned(PartitionId id,
                                                                 const TopicPartition& partition,
                                                                 std::optional<Progress> committed) = 0;
  // A partition is being taken away. Blocks until what was in flight is settled or a bound is reached;
  // returns what may be committed for it. Nothing of it may be applied afterwards.
  virtual std::optional<SafePosition> revoked(PartitionId id) = 0;
};

// How a committed position fits the source as it is now.
struct PositionCheck {
  std::optional<Position> end;            // the position after the last record ever written, if known
  std::optional<std::uint64_t> checksum;  // of the record at the position asked for, if it is still there
};

// What a partition holds now: nothing is before `begin`, where a broker has deleted it, or from `end` on.
struct PartitionRange {
  Position begin;
  Position end;
};
using PartitionRanges = std::map<TopicPartition, PartitionRange>;

// What a source's client tells of itself, by name, for people: connections, what is fetched and not yet read.
using SourceFigures = std::map<std::string, double>;

struct Idle {};      // nothing came within the time
struct Finished {};  // nothing will ever come: the end of a file that is not followed
using Polled = std::variant<Chunk, Idle, Finished>;

// One thread, the reader's, makes all calls.
class Source {
 public:
  virtual ~Source() = default;

  // Connects and checks. source.unavailable: try again later; source.fatal: never will.
  [[nodiscard]] virtual Result<void> open(PartitionListener& listener) = 0;

  // Waits up to the timeout for records; returns early with what there is. An error of source.unavailable is
  // tried again with backoff; any other stops the pipeline.
  [[nodiscard]] virtual Result<Polled> poll(milliseconds timeout) = 0;

  // While a partition is paused, poll() brings nothing of it. Pausing twice and resuming what runs are
  // no-ops.
  virtual void pause(PartitionId partition) = 0;
  virtual void resume(PartitionId partition) = 0;

  // Remembers safe positions if the source remembers any (a consumer group); else does nothing. After an error
  // it is called now and then without positions, until the source has remembered what it could not.
  [[nodiscard]] virtual Result<void> commit(std::span<const SafePosition> positions) = 0;

  // The last call, after the last commit: tells whoever shares the partitions that they are free. Blocks no
  // longer than some seconds.
  virtual void close() {}

  // See PositionCheck; asked when a partition is assigned, and some times a minute while records come.
  [[nodiscard]] virtual Result<PositionCheck> check(PartitionId partition, Position witness) = 0;

  // The position after the newest record, for lag; nothing where it is not known cheaply.
  [[nodiscard]] virtual std::optional<Position> end(PartitionId partition) = 0;

  // The newest; empty where there is nothing to tell.
  [[nodiscard]] virtual SourceFigures figures() const { return {}; }

  // For commands, instead of open(): while they are asked nobody loses a partition and nothing is remembered.
  // All partitions that the source has, whoever reads them.
  [[nodiscard]] virtual Result<PartitionRanges> ranges() = 0;
  // Lets a source that remembers positions itself go on there. source.unavailable while others read it.
  [[nodiscard]] virtual Result<void> move(const std::map<TopicPartition, Position>&) { return {}; }
};

// The checksum that Witness and PositionCheck hold, of key, value and timestamp; never 0.
[[nodiscard]] std::uint64_t record_checksum(const Record& record) noexcept;

}  // namespace sluice::engine
