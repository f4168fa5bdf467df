// The reader: the one thread that touches the source. It polls and hands chunks to the workers, pauses and
// resumes as flow control says, commits what it is given, and keeps polling while the pipeline is full, so
// that a consumer group does not lose it.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/journal.hpp"
#include "core/source.hpp"
#include "core/status.hpp"
#include "pipeline/flow_control.hpp"
#include "pipeline/pipeline.hpp"
#include "pipeline/witnesses.hpp"

namespace sluice::engine {

// What the reader tells; called on its thread.
class ReaderEvents {
 public:
  virtual ~ReaderEvents() = default;
  virtual void opened() = 0;
  // How far a partition got that is being assigned, as the journal knows now: another instance may have had
  // it meanwhile. Waits for the journal; an error only when nobody wants an answer any more.
  [[nodiscard]] virtual Result<std::optional<PositionRecord>> recorded_position(
      const TopicPartition& partition) = 0;
  // `recorded` is what it starts from, if it starts from that. An error as above.
  [[nodiscard]] virtual Result<void> partition_assigned(PartitionId id, const TopicPartition& partition,
                                                        const Progress& start,
                                                        const std::optional<PositionRecord>& recorded) = 0;
  // Blocks until what was in flight of it is settled, or a bound is reached; gives what may be committed.
  virtual std::optional<SafePosition> partition_revoked(PartitionId id) = 0;
  virtual void chunk_read(std::uint64_t number, Chunk chunk) = 0;
  // Nothing more will be read: finished, told to stop, or by an error. `chunks` have been read in all.
  virtual void reading_ended(std::uint64_t chunks, Result<void> why) = 0;
  // Out of reach, tried again; an empty reason: reachable again.
  virtual void source_trouble(const std::string& reason) = 0;
};

class Reader final : private PartitionListener {
 public:
  struct Settings {
    std::string pipeline;
    RetrySettings retry;
    microseconds witness_interval;
  };

  // All outlive the reader.
  Reader(Source& source, Settings settings, FlowControl& flow, ReaderEvents& events);
  ~Reader();

  void start();
  // Any thread. After stop_reading() no further chunk is read, but the source is still served; stop() ends
  // the thread after a last commit of what was handed in before.
  void stop_reading() noexcept { reading_ = false; }
  void stop();
  void commit(std::vector<SafePosition> positions);
  [[nodiscard]] std::map<PartitionId, Position> ends() const;
  [[nodiscard]] SourceFigures figures() const;
  // By which the partition is known again; none before its first record.
  [[nodiscard]] Witness witness(PartitionId partition) const;
  [[nodiscard]] Attempts commits() const;

 private:
  void run();
  [[nodiscard]] bool open();
  void serve();
  void stay_in_touch();
  void poll();
  void take(Chunk chunk);
  void look_at_ends();
  void ask_for_figures();
  [[nodiscard]] bool starts_hold();
  void look_again(const Witnesses::Look& look);
  void steer();
  void commit_pending();
  void end_reading(Result<void> why);
  void trouble(const Error& error);
  void rest(microseconds delay);

  Result<std::optional<Progress>> assigned(PartitionId id, const TopicPartition& partition,
                                           std::optional<Progress> committed) override;
  std::optional<SafePosition> revoked(PartitionId id) override;

  Source& source_;
  Settings settings_;
  FlowControl& flow_;
  ReaderEvents& events_;

  std::thread thread_;
  std::atomic<bool> reading_{true};
  std::atomic<bool> stopping_{false};
  bool ended_ = false;
  bool in_touch_ = false;  // with the source, after the end of reading
  std::uint64_t chunks_ = 0;
  unsigned failures_ = 0;
  bool commit_failed_ = false;
  std::chrono::steady_clock::time_point next_commit_{};  // of nothing new, after a failure
  std::vector<std::pair<PartitionId, PositionRecord>> to_check_;
  std::vector<PartitionId> partitions_;
  unsigned polls_ = 0;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::vector<SafePosition> to_commit_;
  std::map<PartitionId, Position> ends_;
  SourceFigures figures_;
  Witnesses witnesses_;
  Attempts commits_;
};

}  // namespace sluice::engine
