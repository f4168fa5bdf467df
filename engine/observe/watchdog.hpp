// Names what stands still although it has work: a partition whose work neither comes nor goes, a writer that
// does not come back. What has a reason of its own is no stall: a source, store or place of dead letters that
// is tried again, and changes that wait for their documents.
//
// Pure: it knows only the snapshots and times it is given. One for each pipeline; not thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/status.hpp"

namespace sluice::engine {

enum class StallKind : std::uint8_t { partition, writer };
[[nodiscard]] constexpr std::string_view to_text(StallKind kind) noexcept {
  switch (kind) {
    case StallKind::partition:
      return "partition";
    case StallKind::writer:
      return "writer";
  }
  return "";
}

struct Stall {
  StallKind kind = StallKind::partition;
  TopicPartition partition;      // of a partition
  std::optional<Position> safe;  // of a partition: where it stands
  std::string target;            // of a writer: the store or sink
  std::string change;            // of a writer: what it has been given
  Timestamp since{};             // of the last progress
  std::string reason;            // the last that is known; may be empty

  // "partition outbox/3 stands at 17", "a writer of the store does not come back with users "0c5c…"".
  [[nodiscard]] std::string what() const;
};

class Watchdog {
 public:
  explicit Watchdog(microseconds stall_after) : stall_after_(stall_after) {}

  struct News {
    std::vector<Stall> begun;
    std::vector<Stall> ended;
  };
  // Each stall is news twice, when it begins and when it ends.
  [[nodiscard]] News look(const PipelineStatus& status, Instant now, Timestamp wall);

  // Those that last.
  [[nodiscard]] std::vector<Stall> stalls() const;

 private:
  // What moves whenever there is progress.
  struct Mark {
    std::int64_t next = 0;
    std::int64_t safe = 0;
    std::uint64_t unfinished = 0;
    std::uint64_t handled = 0;
    std::optional<Timestamp> busy_since;
    bool operator==(const Mark&) const = default;
  };
  struct Watched {
    Mark mark;
    Instant moved{};
    Stall stall;
    bool stalled = false;
    bool seen = false;
  };
  using Key = std::tuple<StallKind, std::string, std::int32_t>;

  void watch(const Key& key, const Mark& mark, const Stall& now_known, Instant now, Timestamp wall,
             News& news);

  const microseconds stall_after_;
  std::map<Key, Watched> watched_;  // what has work
};

}  // namespace sluice::engine
