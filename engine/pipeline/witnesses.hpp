// By which record each partition's log is known again.
//
// A topic can be deleted, made anew and filled past our position between two fetches: what comes then has
// the right positions and is another log's. So now and then, after a chunk was read, the source is asked for
// a record that was read before. If it still is what it was, the log is the one it was all the time, and the
// chunk's last record is the next witness. Journals keep the witness and not what was read last: a change
// that nobody has seen before a crash is seen at the next start.
//
// Pure bookkeeping.
#pragma once

#include <map>
#include <optional>

#include "base/time.hpp"
#include "core/journal.hpp"
#include "core/record.hpp"

namespace sluice::engine {

class Witnesses {
 public:
  struct Look {
    PartitionId partition;
    PositionRecord known;  // what must hold; see why_recreated()
    Witness next;          // the witness afterwards
  };

  // Each partition's turn comes once in `interval`, while records come. They take turns, no more than ten in
  // an interval, as a look takes the source some milliseconds.
  explicit Witnesses(microseconds interval) : interval_(interval) {}

  // Without a checksum, the first record that comes is the witness.
  void add(PartitionId id, const TopicPartition& partition, const Witness& witness, Instant now);
  void remove(PartitionId id);

  // For each chunk that was read: what is to be looked at now, if anything.
  [[nodiscard]] std::optional<Look> read(const Chunk& chunk, Instant now);
  // The look found the log to be the same, or can't tell as the witness is gone.
  void passed(const Look& look);

  // Without a checksum before there is one.
  [[nodiscard]] Witness of(PartitionId id) const;

 private:
  struct Known {
    TopicPartition partition;
    Witness witness;
    Instant looked;
  };
  void meet(const Chunk& chunk);

  microseconds interval_;
  std::map<PartitionId, Known> known_;
  bool missing_ = false;  // of one at least
  Instant next_turn_{};
};

}  // namespace sluice::engine
