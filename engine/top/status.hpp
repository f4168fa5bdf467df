// The status of an engine as the dashboard knows it: read from the JSON of observe/status_json.hpp,
// version 1. Every field may be missing or of another type, of an older engine or a newer one: it is then
// empty here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::engine::top {

struct Latency {  // milliseconds
  std::uint64_t count = 0;
  double p50 = 0;
  double p95 = 0;
  double p99 = 0;
  double min = 0;
  double average = 0;
  double max = 0;
};

// The parts of an event's way, in their order; `total` is all of them.
inline constexpr std::array<std::string_view, 4> stage_names{"capture", "delivery", "lag", "processing"};

struct TypeCount {
  std::string name;
  std::uint64_t count = 0;
  std::uint64_t dead_letters = 0;
};

struct Partition {
  std::string name;  // topic/number
  std::uint64_t next = 0;
  std::uint64_t safe = 0;
  std::optional<std::uint64_t> lag;  // unknown while the source does not tell its end
  std::uint64_t unfinished = 0;
  bool paused = false;
};

// The store or a sink.
struct Target {
  std::string name;
  std::uint64_t writers = 0;
  std::uint64_t busy = 0;
  std::uint64_t queued = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t waiting = 0;
  std::string retrying_since;  // empty: it is not
  std::string retry_reason;
};

struct CodeCount {
  std::string code;
  std::uint64_t count = 0;
};

struct LastEvent {
  std::string type;
  std::string label;  // of whom or what it tells, where that is known; else its id
  std::string outcome;
  std::string code;  // of a dead letter
  std::string time;
  double latency_ms = 0;
};

// Something out of reach that is tried again, or work that does not get on.
struct Obstacle {
  std::string what;
  std::string since;  // a time
  std::string reason;
};

struct LastError {
  std::string code;
  std::string reason;
  std::string type;
  std::string id;
  std::string time;
};

// Dead letters among the last events, and the share of them that opens the breaker.
struct Breaker {
  std::uint64_t letters = 0;
  std::uint64_t window = 0;
  double ratio = 0;
};

struct Pipeline {
  std::string id;
  std::string state;
  std::string reason;
  std::uint64_t applied = 0;
  std::uint64_t dead_letters = 0;
  std::uint64_t ignored = 0;
  std::uint64_t passed_over = 0;
  std::uint64_t repeated = 0;  // sent by change capture a second time
  std::uint64_t total = 0;
  double rate_now = 0;  // events per second
  double rate_average = 0;
  double rate_peak = 0;
  std::vector<TypeCount> types;  // the most frequent first
  std::array<std::optional<Latency>, stage_names.size()> stages;
  std::optional<Latency> latency;  // total
  std::vector<Partition> partitions;
  std::vector<Target> targets;
  std::uint64_t unfinished_events = 0;
  std::uint64_t unfinished_bytes = 0;
  bool reading_paused = false;
  std::vector<CodeCount> retries;
  std::vector<CodeCount> errors;       // dead letters
  std::vector<LastEvent> last_events;  // newest first
  std::vector<LastError> last_errors;  // newest first
  Breaker breaker;
  std::vector<Obstacle> retrying;     // source, dead letters; targets tell it themselves
  std::vector<Obstacle> waiting_for;  // documents, those that are waited for longest
  std::vector<std::string> stalled;   // what makes no progress, and since when

  [[nodiscard]] bool ended_badly() const { return state == "failed" || state == "breaker_open"; }
  [[nodiscard]] bool ended() const { return state == "drained" || ended_badly(); }
  // Of the partitions whose lag is known.
  [[nodiscard]] std::uint64_t lag() const;
  [[nodiscard]] std::uint64_t waiting() const;
};

struct Status {
  std::string time;  // ISO 8601, UTC
  double uptime_s = 0;
  std::vector<Pipeline> pipelines;

  // Events of all pipelines.
  [[nodiscard]] std::uint64_t total() const;
  [[nodiscard]] bool ended() const;
};

// What came of asking for a status.
struct Answer {
  std::optional<Status> status;
  std::string problem;  // why there is none
  bool last = false;    // no other will come
};

// There is none if this is not the JSON of a status, or of another version.
[[nodiscard]] Answer parse_status(std::string_view json);

}  // namespace sluice::engine::top
