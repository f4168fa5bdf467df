#include "pipeline/flow_control.hpp"

#include <algorithm>

namespace sluice::engine {
namespace {

// Reading starts again only when a quarter is free, so that it does not stop and go at every event.
bool exceeds(std::uint64_t value, std::uint64_t limit, bool already) noexcept {
  return value >= (already ? limit - limit / 4 : limit);
}

}  // namespace

void FlowControl::add(PartitionId partition) {
  const std::lock_guard lock(mutex_);
  partitions_[partition] = {};
}

void FlowControl::remove(PartitionId partition) {
  const std::lock_guard lock(mutex_);
  partitions_.erase(partition);
}

void FlowControl::read(const Chunk& chunk) {
  const std::lock_guard lock(mutex_);
  read_events_ += chunk.records.size();
  auto at = partitions_.end();
  for (const Record& record : chunk.records) {
    read_bytes_ += size_of(record);  // not chunk.bytes: exactly what the conductor gives back
    if (at == partitions_.end() || at->first != record.partition) at = partitions_.find(record.partition);
    if (at != partitions_.end()) ++at->second.read;
  }
}

std::vector<FlowControl::Step> FlowControl::steps() {
  const std::lock_guard lock(mutex_);
  full_ = exceeds(read_events_ - finished_events_, limits_.events, full_) ||
          exceeds(read_bytes_ - finished_bytes_, limits_.bytes, full_);
  std::vector<Step> steps;
  for (auto& [id, partition] : partitions_) {
    partition.far = exceeds(partition.read - partition.passed, limits_.distance, partition.far);
    const bool pause = full_ || partition.far;
    if (pause == partition.paused) continue;
    partition.paused = pause;
    steps.push_back({id, pause});
  }
  return steps;
}

void FlowControl::finished(std::uint64_t events, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  finished_events_ = events;
  finished_bytes_ = bytes;
}

void FlowControl::passed(PartitionId partition, std::uint64_t records) {
  const std::lock_guard lock(mutex_);
  const auto found = partitions_.find(partition);
  if (found != partitions_.end()) found->second.passed = records;
}

bool FlowControl::full() const {
  const std::lock_guard lock(mutex_);
  return full_;
}

bool FlowControl::paused(PartitionId partition) const {
  const std::lock_guard lock(mutex_);
  const auto found = partitions_.find(partition);
  return found != partitions_.end() && found->second.paused;
}

std::uint64_t FlowControl::records_read(PartitionId partition) const {
  const std::lock_guard lock(mutex_);
  const auto found = partitions_.find(partition);
  return found == partitions_.end() ? 0 : found->second.read;
}

std::uint64_t FlowControl::unfinished_bytes() const {
  const std::lock_guard lock(mutex_);
  return read_bytes_ - finished_bytes_;
}

FlowControl::Read FlowControl::read_so_far() const {
  const std::lock_guard lock(mutex_);
  return {read_events_, read_bytes_};
}

}  // namespace sluice::engine
