#include "pipeline/witnesses.hpp"

#include <algorithm>

#include "core/source.hpp"

namespace sluice::engine {
namespace {

constexpr int turns = 10;  // in an interval

Witness witness_of(const Record& record) noexcept { return {record.position, record_checksum(record)}; }

}  // namespace

void Witnesses::add(PartitionId id, const TopicPartition& partition, const Witness& witness, Instant now) {
  known_.insert_or_assign(id, Known{partition, witness, now});
  missing_ = missing_ || !witness.known();
}

void Witnesses::remove(PartitionId id) { known_.erase(id); }

std::optional<Witnesses::Look> Witnesses::read(const Chunk& chunk, Instant now) {
  if (missing_) meet(chunk);
  if (now < next_turn_) return std::nullopt;
  next_turn_ = now + interval_ / turns;
  Known* due = nullptr;  // for the longest time
  const Record* last = nullptr;
  for (const Record& record : chunk.records) {
    const auto found = known_.find(record.partition);
    if (found == known_.end() || now - found->second.looked < interval_) continue;
    if (due != nullptr && due != &found->second && due->looked <= found->second.looked) continue;
    due = &found->second;
    last = &record;
  }
  if (due == nullptr) return std::nullopt;
  due->looked = now;
  return Look{last->partition,
              {.partition = due->partition, .next = due->witness.position.next(), .witness = due->witness},
              witness_of(*last)};
}

void Witnesses::meet(const Chunk& chunk) {
  for (const Record& record : chunk.records) {
    const auto found = known_.find(record.partition);
    if (found != known_.end() && !found->second.witness.known()) found->second.witness = witness_of(record);
  }
  missing_ = std::ranges::any_of(known_, [](const auto& one) { return !one.second.witness.known(); });
}

void Witnesses::passed(const Look& look) {
  if (const auto found = known_.find(look.partition); found != known_.end())
    found->second.witness = look.next;
}

Witness Witnesses::of(PartitionId id) const {
  const auto found = known_.find(id);
  return found == known_.end() ? Witness{} : found->second.witness;
}

}  // namespace sluice::engine
