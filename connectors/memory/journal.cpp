#include "memory/journal.hpp"

namespace sluice::engine::memory {

MemoryJournal::Entry& MemoryJournal::entry(std::string_view pipeline) {
  const auto found = entries_.find(pipeline);
  return found != entries_.end() ? found->second : entries_[std::string(pipeline)];
}

void MemoryJournal::inject(SavePlan plan) {
  const std::lock_guard lock(mutex_);
  plan_ = std::move(plan);
}

Result<std::vector<PositionRecord>> MemoryJournal::positions(std::string_view pipeline) {
  const std::lock_guard lock(mutex_);
  std::vector<PositionRecord> records;
  for (const auto& [key, record] : entry(pipeline).positions) records.push_back(record);
  return records;
}

Result<void> MemoryJournal::save_positions(std::string_view pipeline,
                                           std::span<const PositionRecord> records) {
  std::unique_lock lock(mutex_);
  if (const SavePlan plan = plan_) {
    lock.unlock();
    if (auto answered = plan(records); !answered) return answered;
    lock.lock();
  }
  for (const PositionRecord& record : records)
    entry(pipeline).positions.insert_or_assign({record.partition, record.share}, record);
  return {};
}

Result<void> MemoryJournal::forget_positions(std::string_view pipeline,
                                             const std::optional<TopicPartition>& partition) {
  const std::lock_guard lock(mutex_);
  std::erase_if(entry(pipeline).positions,
                [&](const auto& one) { return !partition || one.first.first == *partition; });
  return {};
}

Result<std::optional<BreakerRecord>> MemoryJournal::breaker(std::string_view pipeline) {
  const std::lock_guard lock(mutex_);
  return entry(pipeline).breaker;
}

Result<void> MemoryJournal::open_breaker(std::string_view pipeline, const BreakerRecord& record) {
  const std::lock_guard lock(mutex_);
  entry(pipeline).breaker = record;
  return {};
}

Result<void> MemoryJournal::close_breaker(std::string_view pipeline) {
  const std::lock_guard lock(mutex_);
  entry(pipeline).breaker.reset();
  return {};
}

Result<std::vector<LetterRecord>> MemoryJournal::letters(std::string_view pipeline) {
  const std::lock_guard lock(mutex_);
  std::vector<LetterRecord> records;
  for (const auto& [place, record] : entry(pipeline).letters) records.push_back(record);
  return records;
}

Result<std::vector<LetterRecord>> MemoryJournal::letters_from(std::string_view pipeline,
                                                              const TopicPartition& partition,
                                                              Position from) {
  const std::lock_guard lock(mutex_);
  std::vector<LetterRecord> records;
  for (const auto& [place, record] : entry(pipeline).letters)
    if (record.partition == partition && record.position >= from) records.push_back(record);
  return records;
}

Result<void> MemoryJournal::save_letters(std::string_view pipeline, std::span<const LetterRecord> records) {
  const std::lock_guard lock(mutex_);
  auto& letters = entry(pipeline).letters;
  for (const LetterRecord& record : records) {
    const LetterPlace place{record.partition, record.position, record.generation, record.change};
    const auto [known, added] = letters.try_emplace(place, record);
    if (!added && record.disposition != Disposition::intended) known->second = record;
  }
  return {};
}

Result<std::vector<std::string>> MemoryJournal::pipelines() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, one] : entries_)
    if (!one.empty()) names.push_back(name);
  return names;
}

}  // namespace sluice::engine::memory
