// Drives a source as the reader of a pipeline does, and copies what it brings.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/source.hpp"
#include "source_world.hpp"

namespace sluice::engine::conformance {

struct Received {
  PartitionId partition{};
  Position position;
  std::string topic;
  Sent content;
  std::uint64_t checksum = 0;
};

// Where two lists of records first differ, in few words however long they are.
[[nodiscard]] testing::AssertionResult same(const std::vector<Sent>& brought,
                                            const std::vector<Sent>& wanted);

class SourceReader final : public PartitionListener {
 public:
  using Starts = std::map<std::int32_t, Position>;  // by partition number; else the source's own choice

  // `patience`: within which what is there would have come.
  explicit SourceReader(std::unique_ptr<Source> source, Starts starts = {},
                        milliseconds patience = milliseconds(100));

  // Opens the source, trying again while it is unavailable; anything else throws.
  void open();
  // Polls until there are so many records in all; throws when they do not come.
  const std::vector<Received>& read(std::size_t records);
  // Polls until the source has its partitions and nothing came for as long as its patience.
  const std::vector<Received>& read_what_is_there();
  // Polls until the source answers with an error, and returns it.
  Error read_until_error();

  [[nodiscard]] Source& source() noexcept { return *source_; }
  [[nodiscard]] const std::vector<Received>& received() const noexcept { return received_; }
  [[nodiscard]] std::vector<Sent> contents(std::int32_t partition) const;
  [[nodiscard]] const std::map<std::int32_t, PartitionId>& assigned() const noexcept { return assigned_; }
  [[nodiscard]] const std::vector<TopicPartition>& assignments() const noexcept { return assignments_; }

  // Hands each chunk on instead of dropping it once its records are copied.
  void on_chunk(std::function<void(Chunk)> keep) { keep_ = std::move(keep); }
  // Asked from within assigned(), where a pipeline checks its positions.
  void on_assigned(std::function<Result<void>(PartitionId)> then) { then_ = std::move(then); }

  [[nodiscard]] Result<std::optional<Progress>> assigned(PartitionId id, const TopicPartition& partition,
                                                         std::optional<Progress> committed) override;
  std::optional<SafePosition> revoked(PartitionId id) override;

 private:
  void take(Chunk chunk);

  std::unique_ptr<Source> source_;
  Starts starts_;
  milliseconds patience_;
  std::vector<Received> received_;
  std::map<std::int32_t, PartitionId> assigned_;
  std::vector<TopicPartition> assignments_;
  std::function<void(Chunk)> keep_;
  std::function<Result<void>(PartitionId)> then_;
};

}  // namespace sluice::engine::conformance
