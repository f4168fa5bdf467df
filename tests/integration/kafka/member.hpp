// A source of Kafka in the hands of a test, which takes the place of the engine: it keeps what comes, and
// counts as settled what it is told to.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/connector.hpp"
#include "core/options.hpp"
#include "core/source.hpp"

namespace sluice::engine {

struct Came {
  TopicPartition partition;
  std::int64_t offset = 0;
  std::optional<std::string> key;
  std::optional<std::string> value;
  Timestamp timestamp{};
  TimestampKind kind = TimestampKind::none;
};

class Member final : private PartitionListener {
 public:
  // The source's options, brokers among them; those that are missing have their defaults.
  explicit Member(const std::map<std::string, OptionValue>& options,
                  const ConnectorContext& context = {.pipeline = "p", .share = {}, .source = nullptr});

  // Where the engine's store would let a partition begin.
  void begin_at(std::int64_t position) { begin_ = Progress{Position{position}}; }
  // The same, whatever the group says: it was moved by hand.
  void moved_to(std::int64_t position) { moved_ = Progress{Position{position}}; }

  // What goes with every position that is settled from now on.
  void settle_with(Origins origins) { origins_ = std::move(origins); }

  [[nodiscard]] Result<void> open();
  void poll();  // once
  // Polls until so many records have come in all; throws when they do not.
  const std::vector<Came>& read(std::size_t records);
  // Polls until the source holds exactly so many partitions.
  void hold(std::size_t partitions);
  // Until the source says that it cannot go on for good.
  [[nodiscard]] Error read_until_fatal();
  // Everything that came is settled.
  void commit();
  void close() { source_->close(); }

  [[nodiscard]] Source& source() noexcept { return *source_; }
  [[nodiscard]] const std::vector<Came>& came() const noexcept { return came_; }
  [[nodiscard]] std::vector<std::string> values() const;
  [[nodiscard]] const std::map<PartitionId, TopicPartition>& held() const noexcept { return held_; }
  // Where the group was, as the source told it when it got the partition.
  [[nodiscard]] const std::map<TopicPartition, Progress>& told() const noexcept { return told_; }
  [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

 private:
  Result<std::optional<Progress>> assigned(PartitionId id, const TopicPartition& partition,
                                           std::optional<Progress> committed) override;
  std::optional<SafePosition> revoked(PartitionId id) override;

  std::unique_ptr<Source> source_;
  std::optional<Progress> begin_;
  std::optional<Progress> moved_;
  std::map<PartitionId, TopicPartition> held_;
  std::map<PartitionId, Position> next_;
  std::map<TopicPartition, Progress> told_;
  Origins origins_;
  std::vector<Came> came_;
  std::optional<Error> error_;  // of the last poll
};

}  // namespace sluice::engine
