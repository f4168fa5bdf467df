// Follows a running engine until it has settled a number of events: the engine's own dashboard, with names
// from the outbox for its last events, and an eye on the processes that take part.
#pragma once

#include <cstdint>
#include <filesystem>

namespace sluice::kit {

struct WatchSettings {
  std::filesystem::path status;     // the engine's status file
  std::filesystem::path outbox;     // may be empty
  std::uint64_t target = 0;         // events
  std::int64_t engine_process = 0;  // ends when this process does; 0: unknown
  std::int64_t writer_process = 0;  // ends when this process has, with fewer rows than the target; 0: unknown
};

enum class WatchEnd { target_reached, engine_ended, writer_ended, left };

// Takes the terminal meanwhile, if there is one.
[[nodiscard]] WatchEnd watch(const WatchSettings& settings);

}  // namespace sluice::kit
