// The metrics file: one JSON line for each applied event, with its clocks.
//
//   {"event_id":"0ed9…","event_type":"UserCreated","t0_created":1795248392.584684,"t1_kafka":1795248397.932,
//    "t2_appended":1795248397.940,"t3_start":…,"t5_end":…,"kafka_lag_ms":8.1,"processing_time_ms":3.2,
//    "total_latency_ms":5358.6,"timestamp":…}
//
// Times are Unix seconds with six digits; what is not known is null. kafka_lag_ms is T3-T2,
// processing_time_ms T5-T3, total_latency_ms T5-T0, timestamp T5.
//
// It never slows a pipeline: offer() copies into a bounded queue and a thread of its own writes. What the
// queue cannot take is dropped and counted.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "core/status.hpp"

namespace sluice::engine {

class MetricsFile {
 public:
  // Opens for appending; throws ConfigurationError when that fails.
  explicit MetricsFile(const std::filesystem::path& path, std::size_t capacity = 16'384);
  // Writes what was accepted, then ends.
  ~MetricsFile();
  MetricsFile(const MetricsFile&) = delete;
  MetricsFile& operator=(const MetricsFile&) = delete;

  // Any thread.
  void offer(std::span<const SettledEvent> events);

  // Events that were not written, because the queue was full or the disk is.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  struct Entry {
    std::size_t id_size;
    std::size_t type_size;
    Clocks clocks;
  };
  // The entries' ids and types stand one after the other in `texts`.
  struct Batch {
    std::vector<Entry> entries;
    std::string texts;
  };

  void write_all();
  [[nodiscard]] bool write(const Batch& batch);

  const std::size_t capacity_;
  std::ofstream file_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  Batch queue_;                // guarded by mutex_
  std::uint64_t dropped_ = 0;  // guarded by mutex_
  bool closing_ = false;       // guarded by mutex_
  std::thread writer_;
};

}  // namespace sluice::engine
