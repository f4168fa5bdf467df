#include "app/commands/source_ends.hpp"

#include <algorithm>

#include "app/command_failed.hpp"
#include "assembly/assemble.hpp"

namespace sluice::engine {
namespace {

class Listener final : public PartitionListener {
 public:
  explicit Listener(std::span<const PositionRecord> known) : known_(known) {}

  Result<std::optional<Progress>> assigned(PartitionId id, const TopicPartition& partition,
                                           std::optional<Progress> committed) override {
    partitions_[partition] = id;
    for (const PositionRecord& record : known_)
      if (record.partition == partition) return std::optional(Progress{record.next, record.origins});
    return committed;
  }
  std::optional<SafePosition> revoked(PartitionId) override { return std::nullopt; }

  [[nodiscard]] const std::map<TopicPartition, PartitionId>& partitions() const noexcept {
    return partitions_;
  }

 private:
  std::span<const PositionRecord> known_;
  std::map<TopicPartition, PartitionId> partitions_;
};

constexpr milliseconds poll_time{200};
constexpr int most_polls = 50;  // a consumer group takes some seconds to give out its partitions

void poll(Source& source) {
  if (auto polled = source.poll(poll_time); !polled)
    throw CommandFailed(ExitCode::check_failed, "the source cannot be read: " + polled.error().message);
}

void get_partitions(Source& source, Listener& listener) {
  if (auto opened = source.open(listener); !opened)
    throw CommandFailed(ExitCode::check_failed, "the source cannot be opened: " + opened.error().message);
  for (int polls = 0; polls < most_polls && listener.partitions().empty(); ++polls) poll(source);
}

// Where each partition ends may be known only once its first records have come.
bool ends_are_known(Source& source, const Listener& listener) {
  return std::ranges::all_of(listener.partitions(),
                             [&](const auto& partition) { return source.end(partition.second).has_value(); });
}

}  // namespace

std::map<TopicPartition, Position> source_ends(const PipelineConfig& pipeline,
                                               std::span<const PositionRecord> known) {
  const auto source = make_source(pipeline);
  Listener listener(known);
  get_partitions(*source, listener);
  for (int polls = 0; polls < most_polls && !ends_are_known(*source, listener); ++polls) poll(*source);
  std::map<TopicPartition, Position> ends;
  for (const auto& [partition, id] : listener.partitions())
    if (const auto end = source->end(id)) ends.emplace(partition, *end);
  return ends;
}

void move_source(const PipelineConfig& pipeline, std::span<const PositionRecord> to) {
  const auto source = make_source(pipeline);
  Listener listener(to);
  get_partitions(*source, listener);
  // It begins where the listener said, and remembers what differs from what it knew: here, and when it
  // closes.
  source->close();
}

}  // namespace sluice::engine
