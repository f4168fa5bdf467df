#include "observe/watchdog.hpp"

#include <tuple>
#include <utility>

namespace sluice::engine {
namespace {

bool watched_state(PipelineState state) {
  return state == PipelineState::running || state == PipelineState::draining;
}

// Work that nothing known holds back.
bool has_work(const PartitionStatus& partition) {
  return partition.read > partition.handled || partition.unfinished > partition.waiting;
}

// Out of reach and tried again: this is said in its own place.
bool has_its_reason(const PipelineStatus& status) {
  if (status.source_retrying || status.dead_letters_retrying) return true;
  for (const TargetStatus& target : status.targets)
    if (target.retrying_since) return true;
  return false;
}

std::string last_reason(const PipelineStatus& status) {
  for (const TargetStatus& target : status.targets)
    if (!target.last_reason.empty()) return target.name + ": " + target.last_reason;
  return "";
}

}  // namespace

std::string Stall::what() const {
  if (kind == StallKind::writer) {
    const std::string whose = target == "store" ? "the store" : target;
    return "a writer of " + whose + " does not come back" + (change.empty() ? "" : " with " + change);
  }
  return "partition " + partition.topic + '/' + std::to_string(partition.partition) + " stands at " +
         std::to_string(safe ? safe->value : 0);
}

Watchdog::News Watchdog::look(const PipelineStatus& status, Instant now, Timestamp wall) {
  News news;
  for (auto& [key, watched] : watched_) watched.seen = false;
  if (watched_state(status.state)) {
    for (const TargetStatus& target : status.targets) {
      if (!target.busy_since || target.retrying_since) continue;
      Mark mark;
      mark.busy_since = target.busy_since;
      Stall stall;
      stall.kind = StallKind::writer;
      stall.target = target.name;
      stall.change = target.busy_with;
      stall.reason = target.last_reason;
      watch({StallKind::writer, target.name, 0}, mark, stall, now, *target.busy_since, news);
    }
    if (!has_its_reason(status))
      for (const PartitionStatus& partition : status.partitions) {
        if (!has_work(partition)) continue;
        Stall stall;
        stall.partition = partition.partition;
        stall.safe = partition.safe;
        stall.reason = last_reason(status);
        watch({StallKind::partition, partition.partition.topic, partition.partition.partition},
              {partition.next.value, partition.safe.value, partition.unfinished, partition.handled, {}},
              stall, now, wall, news);
      }
  }
  std::erase_if(watched_, [&news](auto& entry) {
    if (entry.second.seen) return false;
    if (entry.second.stalled) news.ended.push_back(std::move(entry.second.stall));
    return true;
  });
  return news;
}

void Watchdog::watch(const Key& key, const Mark& mark, const Stall& now_known, Instant now, Timestamp wall,
                     News& news) {
  const auto [found, is_new] = watched_.try_emplace(key);
  Watched& watched = found->second;
  watched.seen = true;
  if (is_new || watched.mark != mark) {
    if (watched.stalled) news.ended.push_back(watched.stall);
    watched = {mark, now, now_known, false, true};
    watched.stall.since = wall;
    return;
  }
  const Timestamp since = watched.stall.since;
  watched.stall = now_known;
  watched.stall.since = since;
  if (watched.stalled || now - watched.moved < stall_after_) return;
  watched.stalled = true;
  news.begun.push_back(watched.stall);
}

std::vector<Stall> Watchdog::stalls() const {
  std::vector<Stall> lasting;
  for (const auto& [key, watched] : watched_)
    if (watched.stalled) lasting.push_back(watched.stall);
  return lasting;
}

}  // namespace sluice::engine
