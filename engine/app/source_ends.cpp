#include "app/source_ends.hpp"

#include "app/assemble.hpp"
#include "app/exit_code.hpp"

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

void get_partitions(Source& source, Listener& listener) {
  constexpr int most_polls = 50;  // a consumer group takes some seconds to give out its partitions
  if (auto opened = source.open(listener); !opened)
    throw CommandFailed(ExitCode::check_failed, "the source cannot be opened: " + opened.error().message);
  for (int poll = 0; poll < most_polls && listener.partitions().empty(); ++poll)
    if (auto polled = source.poll(milliseconds(200)); !polled)
      throw CommandFailed(ExitCode::check_failed, "the source cannot be read: " + polled.error().message);
}

}  // namespace

std::map<TopicPartition, Position> source_ends(const PipelineConfig& pipeline,
                                               std::span<const PositionRecord> known) {
  const auto source = make_source(pipeline);
  Listener listener(known);
  get_partitions(*source, listener);
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
