// What a running engine tells of itself in its status file (sluice run --status-file FILE).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice::kit {

struct EngineStatus {
  struct Rates {
    double now = 0;
    double average = 0;
    double peak = 0;
  };
  struct Latency {  // milliseconds, from the insert of a row to its document
    double p50 = 0, p95 = 0, p99 = 0;
    double min = 0, average = 0, max = 0;
  };
  struct LastEvent {
    std::string type;
    std::string id;
    double latency_ms = 0;
    std::string time;
  };

  std::string pipeline;
  std::string state;
  std::string reason;
  double uptime_s = 0;
  std::uint64_t applied = 0;
  std::uint64_t dead_letters = 0;
  std::uint64_t settled = 0;  // applied, dead letters and those that need nothing
  Rates rates;
  std::optional<Latency> latency;
  std::map<std::string, std::uint64_t> types;
  std::vector<LastEvent> last_events;  // newest first

  [[nodiscard]] bool ended() const {
    return state == "drained" || state == "failed" || state == "breaker_open";
  }
};

// Of the first pipeline; nothing while there is no such file.
[[nodiscard]] std::optional<EngineStatus> read_engine_status(const std::filesystem::path& file);

}  // namespace sluice::kit
