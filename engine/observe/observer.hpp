// The observer of one pipeline: counts what settled and how long it took.
//
// The pipeline's conductor calls the PipelineObserver side, any other thread may ask for figures(): one short
// lock for each call.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/code.hpp"
#include "base/time.hpp"
#include "core/status.hpp"
#include "observe/latency.hpp"
#include "observe/rate_meter.hpp"

namespace sluice::engine {

class MetricsFile;

struct TypeFigures {
  std::uint64_t count = 0;         // all of the type
  std::uint64_t dead_letters = 0;  // of these
};

// What became of one store's or sink's batches.
struct BatchFigures {
  std::uint64_t batches = 0;
  std::uint64_t writes = 0;   // after coalescing
  std::uint64_t changes = 0;  // before
  LatencyHistogram took;      // of each batch
};

struct LastEvent {
  Settled how;
  Code code;  // of a dead letter
  std::string type;
  std::string id;
  microseconds latency;  // total
  Timestamp time;        // T5
};

// An event that became a dead letter.
struct LastError {
  Code code;
  std::string reason;  // cut to Observer::max_reason bytes
  std::string type;    // empty if it could not be decoded
  std::string id;      // likewise
  std::string topic;
  std::int32_t partition;
  Position position;
  Timestamp time;  // T5
};

// All counts are since the pipeline started.
struct Figures {
  std::uint64_t applied = 0;
  std::uint64_t dead_letters = 0;
  std::uint64_t ignored = 0;
  std::uint64_t passed_over = 0;
  std::uint64_t repeated = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(Code::internal) + 1> errors{};   // dead letters by code
  std::array<std::uint64_t, static_cast<std::size_t>(Code::internal) + 1> retries{};  // changes by code
  std::map<std::string, TypeFigures, std::less<>> types;
  std::map<std::string, BatchFigures, std::less<>> targets;
  std::deque<LastEvent> last_events;  // newest first
  std::deque<LastError> last_errors;  // newest first
  Latencies latencies;                // of applied events
  Rates rates;                        // of all that settled

  [[nodiscard]] std::uint64_t total() const noexcept {
    return applied + dead_letters + ignored + passed_over + repeated;
  }
};

class Observer final : public PipelineObserver {
 public:
  // Types beyond so many are counted together under `other_types`: a type comes from a record, and whoever
  // writes records must not decide how much memory we use.
  static constexpr std::size_t max_types = 100;
  static constexpr std::string_view other_types = "(other)";
  static constexpr std::size_t kept_events = 5;
  static constexpr std::size_t kept_errors = 10;
  static constexpr std::size_t max_reason = 500;

  // Both outlive the observer; metrics may be null.
  explicit Observer(const Clock& clock, MetricsFile* metrics = nullptr) : clock_(clock), metrics_(metrics) {}

  void settled(std::span<const SettledEvent> events) override;
  void retried(Code code, std::uint64_t changes) override;
  void batch_written(std::string_view target, std::size_t writes, std::size_t changes,
                     microseconds took) override;

  [[nodiscard]] Figures figures() const;

 private:
  void count(const SettledEvent& event);
  void remember(std::span<const SettledEvent> events);
  void remember_error(const SettledEvent& event);
  [[nodiscard]] TypeFigures& type_figures(std::string_view type);

  const Clock& clock_;
  MetricsFile* const metrics_;
  mutable std::mutex mutex_;  // guards all below
  Figures figures_;
  RateMeter rate_;
};

}  // namespace sluice::engine
