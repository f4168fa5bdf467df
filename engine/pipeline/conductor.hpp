// The conductor: a state machine that decides what is written when. It keeps the queues and the ledgers,
// forms batches, judges their outcomes, and knows which positions are safe. It has no I/O, no lock, no thread
// and no clock of its own: whoever drives it (run.cpp, and the property tests) hands in chunks,
// outcomes and the time, and asks for batches, letters and positions.
//
// What it holds to:
// - the changes of one document from one partition are written in the order of their positions, and at most
// one
//   write of a document is out at any time;
// - a change that fails holds its queue until the event's dead letter is durable: only then may a later
// change
//   move the watermark past it;
// - a position is safe when every event below it is applied, skipped, or in a durable dead letter.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "core/status.hpp"
#include "letters/letter_book.hpp"
#include "pipeline/backoff.hpp"
#include "pipeline/batch.hpp"
#include "pipeline/breaker.hpp"
#include "pipeline/pipeline.hpp"
#include "pipeline/queues.hpp"

namespace sluice::engine {

class Coalescer;

struct TargetSettings {
  std::string name;
  BatchLimits batch;
  RetrySettings retry;
  bool guarded = true;  // the store: watermarks, groups. A sink: neither
};

struct ConductorSettings {
  struct HandlerSettings {
    std::string name;
    microseconds wait_for{120'000'000};
  };
  std::string pipeline;
  int generation = 0;
  std::vector<TargetSettings> targets;  // the store first
  std::vector<HandlerSettings> handlers;
  BreakerSettings breaker;
  RetrySettings letters_retry;
  bool has_dead_letters = true;
  std::uint64_t seed = 0;  // of the jitter
};

// Why the pipeline has to stop.
struct Stop {
  Code code;
  std::string reason;
};

struct SafeMark {
  PartitionId id;
  TopicPartition partition;
  Progress settled;
  Ledger::Mark last;
};

class Conductor {
 public:
  explicit Conductor(ConductorSettings settings);
  ~Conductor();
  Conductor(const Conductor&) = delete;
  Conductor& operator=(const Conductor&) = delete;

  // ---- In ----
  // `letters` is what the journal has of dead letters from the start on: a change that is in one is not tried
  // again. It fails again, or counts as settled where it was replayed or discarded.
  void assign(PartitionId id, const TopicPartition& partition, const Progress& start,
              std::vector<LetterRecord> letters = {});
  // Drops what is not in a batch. What is out comes back by finish() as ever.
  void revoke(PartitionId id);
  // After revoke(), once position() is of no more interest.
  void forget(PartitionId id);
  // Chunks in the order of their numbers, from 0; one that is early is kept until its turn.
  void take(std::unique_ptr<HandledChunk> chunk, Instant now, Timestamp wall);
  void finish(WrittenBatch written, Instant now, Timestamp wall);
  void letters_done(std::vector<DeadLetter> letters, const Result<void>& written, Instant now,
                    Timestamp wall);
  void tick(Instant now);
  // From now on what waits for a document is left for the next start.
  void begin_drain() noexcept { draining_ = true; }

  // ---- Out ----
  // Work for an idle writer of the target, or null.
  [[nodiscard]] std::unique_ptr<Batch> next_batch(std::uint16_t target, Instant now);
  // Letters to write, or none: while some are out, and while they are being retried.
  [[nodiscard]] std::vector<DeadLetter> next_letters(Instant now);
  // The partitions whose safe position has moved since the last call.
  [[nodiscard]] std::vector<SafeMark> moved_positions();
  [[nodiscard]] std::optional<SafeMark> position(PartitionId id) const;
  // Calls visit(id, records) for each partition that is ours: records seen that are below its safe position.
  template <class Visit>
  void for_each_passed(Visit&& visit) const {
    for (const auto& [id, assignment] : assignments_)
      if (!assignment->revoked) visit(id, assignment->seen - assignment->ledger.held());
  }
  // When to call tick() and ask for batches and letters again, if nothing happens before: the first such time
  // after `asked`, when they were last asked for. What could go by then waits for a writer, not for a time.
  [[nodiscard]] std::optional<Instant> next_deadline(Instant asked = Instant::min()) const;
  [[nodiscard]] const std::optional<Stop>& stop() const noexcept { return stop_; }

  // Events that ended since forget_settled(); their texts are valid until then.
  [[nodiscard]] const std::vector<SettledEvent>& settled() const noexcept { return settled_; }
  void forget_settled();

  // Nothing is out or ready; what is left waits for documents.
  [[nodiscard]] bool at_rest() const;
  // Changes of this partition are in batches, or letters of it are being written: whoever has the partition
  // next must see what came of them.
  [[nodiscard]] bool in_flight(PartitionId id) const;
  [[nodiscard]] std::uint64_t unfinished() const noexcept { return unfinished_; }
  // Of settled and dropped events, counted from the start: what the reader may read anew.
  [[nodiscard]] std::uint64_t finished_events() const noexcept { return finished_events_; }
  [[nodiscard]] std::uint64_t finished_bytes() const noexcept { return finished_bytes_; }
  void describe(PipelineStatus& status, Instant now, Timestamp wall) const;
  // For people: the first change of a batch that is out.
  [[nodiscard]] std::string first_change(const Batch& batch) const;

 private:
  struct Target {
    TargetSettings settings;
    ReadyList ready;
    std::optional<Instant> ready_since;  // of the oldest in `ready`
    std::uint64_t queued = 0;
    std::uint64_t in_flight = 0;
    unsigned batches_out = 0;
    unsigned failures = 0;  // in a row, of the target as a whole
    std::optional<Instant> down_until;
    std::optional<Timestamp> retrying_since;
    std::string retry_reason;
    std::string last_reason;  // of a change that came back alone
  };
  struct Due {
    Instant at;
    Queue* queue;
    std::uint64_t ticket;
    bool operator>(const Due& other) const noexcept { return at > other.at; }
  };

  // conductor.cpp: from chunk to queue, from settled to safe
  void open_chunk(std::unique_ptr<HandledChunk> chunk, Instant now, Timestamp wall);
  void open_event(OpenEvent& event, Instant now, Timestamp wall);
  void enqueue(OpenEvent& event, Instant now);
  void finish_event(OpenEvent& event, Settled how, Timestamp wall);
  void release(OpenEvent& event);
  void give_back(OpenChunk& chunk);
  void drop(std::span<Queue* const> queues, std::vector<OpenEvent*> touched);
  void end_if_settled(OpenEvent& event, Timestamp wall);
  void detach(OpenEvent& event);
  void detach_remnants(Instant now);
  void stop_if_due(const Assignment& assignment);
  void stop_with(Code code, std::string reason);

  // conductor_batches.cpp: from queue to batch, from outcome to decision
  void make_ready(Queue& queue, Instant now, ReadyList::Place place = ReadyList::Place::before_new);
  [[nodiscard]] bool may_send(const Target& target, Instant now) const;
  void add_group(Batch& batch, Queue& queue, Target& target);
  void judge(const Batch::Group& group, WriteResult& result, bool reached, Instant now, Timestamp wall);
  void settle_group(const Batch::Group& group, Instant now, Timestamp wall);
  void split_group(const Batch::Group& group, Instant now);
  void wait(const Batch::Group& group, WriteResult& result, Instant now, Timestamp wall);
  void back_off(Queue& queue, Instant now, microseconds at_most);
  [[nodiscard]] bool expired(const Queue& queue, Instant now) const;
  void target_down(Target& target, const Error& error, Instant now, Timestamp wall);
  void unpark(Document& document, Instant now);
  void advance(Queue& queue, Instant now);

  // conductor_status.cpp: what it tells of itself
  void describe_waiting(std::vector<const Queue*> waiting, PipelineStatus& status, Instant now,
                        Timestamp wall) const;

  // conductor_letters.cpp: from failure to letter
  void fail(Task& task, Code code, const std::string& reason, Instant now, Timestamp wall);
  void hold(Task& task, Instant now, Timestamp wall);
  void start_letter(OpenEvent& event, Code code, std::string_view reason, Timestamp wall);
  void post_letter(OpenEvent& event);
  void refuse(OpenEvent& event, Timestamp wall);
  void end_refusal(OpenEvent& event, Instant now);
  void drop_behind_refused(Assignment& assignment);
  void heed_letters(OpenEvent& event);
  void settle_as_decided(Queue& queue, Instant now);
  [[nodiscard]] Unapplied name_of(const Task& task) const;
  void release_held(OpenEvent& event, Instant now);
  void abandon(OpenEvent& event);

  ConductorSettings settings_;
  std::vector<Target> targets_;
  std::map<PartitionId, std::unique_ptr<Assignment>> assignments_;
  std::map<std::uint64_t, std::unique_ptr<HandledChunk>> early_;
  std::uint64_t next_chunk_ = 0;
  std::map<const OpenChunk*, std::unique_ptr<OpenChunk>> chunks_;
  Pool<OpenEvent> event_pool_;
  Pool<Task> task_pool_;
  QueueTable queues_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> timetable_;
  std::uint64_t tickets_ = 0;
  std::unique_ptr<Coalescer> coalescer_;
  Breaker breaker_;

  std::vector<OpenEvent*> letters_due_;
  std::vector<OpenEvent*> letters_out_;
  unsigned letter_failures_ = 0;
  std::optional<Instant> letters_after_;
  std::optional<Retrying> letters_retrying_;

  std::vector<SettledEvent> settled_;
  std::vector<std::unique_ptr<HandledChunk>> spent_handled_;  // what settled_ looks into
  std::vector<std::unique_ptr<DetachedEvent>> spent_events_;
  std::vector<std::unique_ptr<DeadLetter>> spent_letters_;

  Instant next_detach_{};
  std::optional<Stop> stop_;
  Timestamp wall_{};  // the last that was handed in
  bool draining_ = false;
  std::uint64_t unfinished_ = 0;
  std::uint64_t finished_events_ = 0;
  std::uint64_t finished_bytes_ = 0;
  std::uint64_t batches_ = 0;
  std::uint64_t writes_ = 0;
  std::uint64_t retries_ = 0;
};

}  // namespace sluice::engine
