#include "pipeline/start_position.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace sluice::engine {
namespace {

void take_further(std::optional<PositionRecord>& best, const PositionRecord& candidate) {
  if (!best || candidate.next > best->next) best = candidate;
}

bool set_by_hand(const PositionRecord& record) noexcept { return !record.witness.known(); }

}  // namespace

std::optional<PositionRecord> start_record(std::span<const PositionRecord> records,
                                           const TopicPartition& partition, const Share& share) {
  struct Layout {
    std::set<std::uint32_t> shares;
    std::optional<PositionRecord> slowest;
  };
  std::map<std::uint32_t, Layout> layouts;
  std::optional<PositionRecord> best;
  for (const PositionRecord& record : records) {
    if (record.partition != partition) continue;
    if (record.share == share) take_further(best, record);
    Layout& layout = layouts[record.share.of];
    layout.shares.insert(record.share.index);
    if (!layout.slowest || record.next < layout.slowest->next) layout.slowest = record;
  }
  for (const auto& [of, layout] : layouts)
    if (layout.shares.size() == of) take_further(best, *layout.slowest);
  return best;
}

std::optional<Position> start_position(const std::optional<PositionRecord>& recorded,
                                       std::optional<Position> committed) noexcept {
  if (!recorded) return committed;
  return committed && !set_by_hand(*recorded) ? committed : recorded->next;
}

std::optional<Progress> start_progress(const std::optional<PositionRecord>& recorded,
                                       const std::optional<Progress>& committed) {
  const auto start = start_position(recorded, committed ? std::optional(committed->next) : std::nullopt);
  if (!start) return std::nullopt;
  const bool of_source = committed && committed->next == *start && !committed->origins.empty();
  const bool of_record = recorded && recorded->next == *start;
  if (of_record && (!of_source || set_by_hand(*recorded))) return Progress{*start, recorded->origins};
  return committed;
}

std::optional<std::string> why_recreated(const PositionRecord& record, const PositionCheck& found) {
  const auto other = [&](const std::string& what) {
    return '"' + record.partition.topic + "\" partition " + std::to_string(record.partition.partition) +
           " is not the one that this pipeline has read: " + what;
  };
  const Witness& witness = record.witness;
  const Position read = witness.known() ? std::max(record.next, witness.position.next()) : record.next;
  if (found.end && *found.end < read)
    return other("it ends at position " + std::to_string(found.end->value) + ", and was read up to " +
                 std::to_string(read.value));
  if (found.checksum && witness.known() && *found.checksum != witness.checksum)
    return other("another record stands at position " + std::to_string(witness.position.value));
  return std::nullopt;
}

Result<void> check_log(const PositionRecord& record, const PositionCheck& found, std::string_view pipeline) {
  const auto why = why_recreated(record, found);
  if (!why) return {};
  return Error{Code::source_recreated,
               *why +
                   ". If it was recreated on purpose, raise the pipeline's `generation`, as its documents "
                   "remember the old one's positions, and start it anew with: sluice positions reset -c "
                   "FILE --pipeline " +
                   std::string(pipeline) + " --to beginning --yes"};
}

}  // namespace sluice::engine
