// A journal in memory.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "core/journal.hpp"

namespace sluice::engine::memory {

// Any thread; a mutex serialises the calls.
class MemoryJournal final : public Journal {
 public:
  // Asked before positions are saved, on the caller's thread; an error is the answer, and nothing is saved.
  using SavePlan = std::function<Result<void>(std::span<const PositionRecord>)>;
  void inject(SavePlan plan);

  Result<std::vector<PositionRecord>> positions(std::string_view pipeline) override;
  Result<void> save_positions(std::string_view pipeline, std::span<const PositionRecord> records) override;
  Result<void> forget_positions(std::string_view pipeline,
                                const std::optional<TopicPartition>& partition) override;
  Result<std::optional<BreakerRecord>> breaker(std::string_view pipeline) override;
  Result<void> open_breaker(std::string_view pipeline, const BreakerRecord& record) override;
  Result<void> close_breaker(std::string_view pipeline) override;
  Result<std::vector<LetterRecord>> letters(std::string_view pipeline) override;
  Result<std::vector<LetterRecord>> letters_from(std::string_view pipeline, const TopicPartition& partition,
                                                 Position from) override;
  Result<void> save_letters(std::string_view pipeline, std::span<const LetterRecord> records) override;
  Result<std::vector<std::string>> pipelines() override;

 private:
  // Partition, position, generation, change.
  using LetterPlace = std::tuple<TopicPartition, Position, int, Unapplied>;
  struct Entry {
    std::map<std::pair<TopicPartition, Share>, PositionRecord> positions;
    std::optional<BreakerRecord> breaker;
    std::map<LetterPlace, LetterRecord> letters;

    [[nodiscard]] bool empty() const noexcept { return positions.empty() && !breaker && letters.empty(); }
  };
  [[nodiscard]] Entry& entry(std::string_view pipeline);

  std::mutex mutex_;
  SavePlan plan_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace sluice::engine::memory
