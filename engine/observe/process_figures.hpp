// What the kernel tells of this process, for the metrics process_… that every exporter of Prometheus has.
#pragma once

#include <cstdint>
#include <optional>

namespace sluice::engine {

struct ProcessFigures {
  double cpu_seconds = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t threads = 0;
  std::uint64_t open_files = 0;
  std::uint64_t max_open_files = 0;
  double start_time = 0;  // Unix seconds
};

// Any thread. Reads some files of /proc, a tenth of a millisecond; nothing where there is no /proc.
[[nodiscard]] std::optional<ProcessFigures> process_figures();

}  // namespace sluice::engine
