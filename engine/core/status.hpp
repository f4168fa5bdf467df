// What a running pipeline tells of itself: a snapshot for people and pages, and a stream of settled events
// for clocks and counters. engine/observe turns both into figures.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/record.hpp"
#include "core/source.hpp"
#include "core/write.hpp"

namespace sluice::engine {

struct DeadLetter;

enum class PipelineState : std::uint8_t {
  starting,  // connecting: tries again until source and store answer
  running,
  draining,      // finishing what is in flight
  drained,       // ended well: asked to, or the source is finished
  failed,        // ended by a fatal error; the reason says which
  breaker_open,  // ended by too many dead letters
};
[[nodiscard]] constexpr std::string_view to_text(PipelineState state) noexcept {
  switch (state) {
    case PipelineState::starting:
      return "starting";
    case PipelineState::running:
      return "running";
    case PipelineState::draining:
      return "draining";
    case PipelineState::drained:
      return "drained";
    case PipelineState::failed:
      return "failed";
    case PipelineState::breaker_open:
      return "breaker_open";
  }
  return "";
}

// Something out of reach that is tried again.
struct Retrying {
  Timestamp since{};
  std::string reason;
};

struct PartitionStatus {
  PartitionId id{};  // the source's, of this assignment
  TopicPartition partition;
  Position next;  // the next position to read
  Position safe;  // every position below is settled
  std::optional<Position> end;
  std::uint64_t unfinished = 0;
  bool paused = false;
  std::uint64_t read = 0;     // records since the assignment
  std::uint64_t handled = 0;  // of these, by the workers
  std::uint64_t waiting = 0;  // unfinished changes that wait for a document, or behind one that does

  // Records that are not settled yet; nothing where the end is not known.
  [[nodiscard]] std::optional<std::uint64_t> lag() const noexcept {
    if (!end) return std::nullopt;
    return end->value > safe.value ? static_cast<std::uint64_t>(end->value - safe.value) : 0;
  }
};

// The store, or one sink.
struct TargetStatus {
  std::string name;
  unsigned writers = 0;
  unsigned busy = 0;
  std::uint64_t queued = 0;     // changes not yet in a batch
  std::uint64_t in_flight = 0;  // changes in a batch
  std::uint64_t waiting = 0;    // queues that wait for a document
  std::optional<Timestamp> retrying_since;
  std::string retry_reason;
  std::string last_reason{};              // of the last change that came back alone to be tried again
  std::optional<Timestamp> busy_since{};  // of the batch that has been out longest
  std::string busy_with{};                // its first change; told once the batch is late
};

// A document that a change needs and that is not there yet.
struct WaitingDocument {
  std::string target;
  std::string collection;
  std::string document;  // the id as relaxed Extended JSON
  std::string event_id;
  TopicPartition partition;
  Position position;
  Timestamp since{};
};

// Dead letters among the last events, and how many of them open the breaker.
struct BreakerStatus {
  std::uint64_t letters = 0;
  std::uint64_t window = 0;
  double ratio = 0;
};

struct Attempts {
  std::uint64_t made = 0;
  std::uint64_t failed = 0;  // of these

  void count(bool succeeded, std::uint64_t attempts = 1) noexcept {
    made += attempts;
    if (!succeeded) failed += attempts;
  }
};

struct PipelineStatus {
  std::string id;
  PipelineState state = PipelineState::starting;
  Code code = Code::internal;  // meaningful when failed or breaker_open
  std::string reason;          // of failed, breaker_open; of a source or dead letters being retried
  std::vector<PartitionStatus> partitions;
  std::vector<TargetStatus> targets;
  std::optional<Retrying> start_retrying{};  // what a pipeline that is starting cannot reach
  std::optional<Retrying> source_retrying{};
  std::optional<Retrying> dead_letters_retrying{};
  std::vector<WaitingDocument> waiting{};  // those that have waited longest
  std::optional<BreakerStatus> breaker{};  // none: switched off
  SourceFigures source;                    // what the source's client tells of itself
  std::uint64_t unfinished_events = 0;
  std::uint64_t unfinished_bytes = 0;
  std::uint64_t batches = 0;
  std::uint64_t writes = 0;     // documents or deliveries sent, after coalescing
  std::uint64_t retries = 0;    // changes that came back to be tried again
  bool reading_paused = false;  // full
  // Attempts since the pipeline started, and how many of them failed.
  Attempts letters;         // dead letters handed to be written; a letter that is tried again counts again
  Attempts position_saves;  // of safe positions into the journal
  Attempts commits;         // of safe positions to the source
  std::uint64_t records_read = 0;
  std::uint64_t bytes_read = 0;  // of keys, values and headers
};

enum class Settled : std::uint8_t {
  applied,      // every change of it applied, already applied or skipped
  ignored,      // no route, and the pipeline ignores such
  passed_over,  // no event: a tombstone, a delete
  repeated,     // a row that change capture has sent before (core/origin.hpp)
  dead_letter,  // its letter is durable
};
[[nodiscard]] constexpr std::string_view to_text(Settled how) noexcept {
  switch (how) {
    case Settled::applied:
      return "applied";
    case Settled::ignored:
      return "ignored";
    case Settled::passed_over:
      return "passed_over";
    case Settled::repeated:
      return "repeated";
    case Settled::dead_letter:
      return "dead_letter";
  }
  return "";
}

// The five clocks of an event (docs/life_of_a_record.md); T0 to T2 may be unknown.
struct Clocks {
  std::optional<Timestamp> created;   // T0
  std::optional<Timestamp> captured;  // T1
  std::optional<Timestamp> appended;  // T2
  Timestamp started{};                // T3
  Timestamp settled{};                // T5
};

struct SettledEvent {
  Settled how;
  Code code;  // of a dead letter
  std::string_view id;
  std::string_view type;
  Clocks clocks;
  const DeadLetter* letter = nullptr;  // of a dead letter
};

// Called on the pipeline's conductor thread, with everything borrowed for the call: be quick.
class PipelineObserver {
 public:
  virtual ~PipelineObserver() = default;
  virtual void settled(std::span<const SettledEvent> events) = 0;
  virtual void retried(Code code, std::uint64_t changes) = 0;
  virtual void batch_written(std::string_view target, std::size_t writes, std::size_t changes,
                             microseconds took) = 0;
};

}  // namespace sluice::engine
