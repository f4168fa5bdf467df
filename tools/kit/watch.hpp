// Follows a running engine until it has settled a number of events.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace sluice::kit {

struct WatchSettings {
  std::filesystem::path status;     // the engine's status file
  std::filesystem::path outbox;     // may be empty
  std::uint64_t target = 0;         // events
  std::int64_t engine_process = 0;  // ends when this process does; 0: unknown
  std::int64_t writer_process = 0;  // ends when this process has, with fewer rows than the target; 0: unknown
  bool in_place = false;            // redraw on a terminal, else a line each second
  bool colours = false;
};

enum class WatchEnd { target_reached, engine_ended, writer_ended };

[[nodiscard]] WatchEnd watch(const WatchSettings& settings, std::ostream& out);

}  // namespace sluice::kit
