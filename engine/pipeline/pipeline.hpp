// A pipeline: reader, workers, conductor, writers and the thread for dead letters, wired and running.
// docs/life_of_a_record.md follows a record through them.
//
// The owner makes it from parts and settings, calls start() once, and drain() or halt() when it shall end;
// wait() returns when it has ended, for whatever reason. All of these are thread-safe. The destructor halts.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "core/dead_letters.hpp"
#include "core/handler.hpp"
#include "core/journal.hpp"
#include "core/source.hpp"
#include "core/status.hpp"
#include "core/store.hpp"

namespace sluice::engine {

struct BatchLimits {
  std::size_t events = 1000;                  // documents in a batch, or events for a sink
  std::size_t bytes = std::size_t{4} << 20U;  // of all changes that went into them
  microseconds linger{0};                     // how long a batch may wait to grow while a writer is idle
};

struct RetrySettings {
  microseconds initial{100'000};
  microseconds max{30'000'000};  // the cap of the doubling delay, before its jitter
};

struct BreakerSettings {
  double ratio = 0.5;        // of dead letters among the last `window` events opens it; 0 switches it off
  std::size_t window = 100;  // events looked at; it cannot open before that many
};

struct HandlerBinding {
  std::string name;                                // the instance's name, part of its watermark key
  std::function<std::unique_ptr<Handler>()> make;  // once for each worker
  microseconds wait_for{120'000'000};              // how long a change waits for its document
};

struct SinkBinding {
  std::string name;
  std::function<std::unique_ptr<Sink>()> make;  // once for each writer
  unsigned writers = 4;
  BatchLimits batch;
  RetrySettings retry;
};

enum class Otherwise : std::uint8_t { dead_letter, ignore, stop };

// An event type goes to handlers and sinks, by their index in PipelineParts.
struct Route {
  std::vector<std::string> types;  // empty: any type
  std::vector<std::size_t> handlers;
  std::vector<std::size_t> sinks;
  bool ignore = false;  // takes the event and does nothing
};

struct PipelineParts {
  std::unique_ptr<Source> source;
  std::function<std::unique_ptr<Decoder>()> make_decoder;  // once for each worker
  std::vector<HandlerBinding> handlers;
  std::vector<SinkBinding> sinks;
  std::vector<Route> routes;  // the first that has the type wins
  Otherwise otherwise = Otherwise::dead_letter;
  std::unique_ptr<Store> store;             // may be null when there are no handlers
  std::vector<CollectionSpec> collections;  // by their names in the store
  std::function<Result<std::string>(std::string_view)> store_collection;  // see WorkerPlan
  std::unique_ptr<DeadLetters> dead_letters;  // may be null: the first dead letter stops the pipeline
  Journal* journal = nullptr;                 // null: the store's; without either nothing is remembered
};

struct PipelineSettings {
  std::string id;
  int generation = 0;
  Share share;
  unsigned workers = 1;
  unsigned writers = 4;  // of the store; cut to what it can have
  BatchLimits batch;
  RetrySettings retry;
  BreakerSettings breaker;
  std::string fingerprint;  // of plugins and configuration, for the breaker
  std::size_t max_unfinished_events = 5'000;
  std::size_t max_unfinished_bytes = std::size_t{8} << 20U;
  std::int64_t max_distance = 1'000'000;  // records from the safe to the newest position of a partition
  microseconds commit_interval{1'000'000};
  microseconds witness_interval{10'000'000};  // pipeline/witnesses.hpp
  microseconds shutdown_timeout{30'000'000};
};

class Pipeline {
 public:
  // The clock and the observer (may be null) outlive the pipeline.
  Pipeline(PipelineParts parts, PipelineSettings settings, const Clock& clock, PipelineObserver* observer);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void start();
  // Finishes what is in flight within shutdown_timeout, commits, ends.
  void drain();
  // Ends at once; what is in flight is left to the next start.
  void halt();

  // Blocks until ended; true when nothing was left unfinished but what waits.
  bool wait();
  [[nodiscard]] bool ended() const;
  [[nodiscard]] PipelineStatus status() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::engine
