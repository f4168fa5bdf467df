#include "letters/letter_book.hpp"

#include <algorithm>

namespace sluice::engine {
namespace {

const LetterRecord* find(std::span<const LetterRecord> records, const Unapplied& change) {
  const auto found = std::ranges::find(records, change, &LetterRecord::change);
  return found == records.end() ? nullptr : &*found;
}

}  // namespace

std::vector<LetterRecord> to_records(const DeadLetter& letter, Disposition disposition) {
  std::vector<LetterRecord> records;
  const auto add = [&](const Unapplied& change) {
    records.push_back({{letter.topic, letter.partition},
                       letter.position,
                       letter.generation,
                       change,
                       disposition,
                       letter.failed_at,
                       letter.code,
                       letter.reason});
  };
  if (letter.unapplied.empty()) add(whole_event);
  for (const Unapplied& change : letter.unapplied) add(change);
  return records;
}

void LetterBook::add(LetterRecord record) {
  if (record.generation != generation_) return;
  const Place place(record.partition, record.position);
  records_[place].push_back(std::move(record));
}

std::span<const LetterRecord> LetterBook::of(const Place& place) const {
  const auto found = records_.find(place);
  return found == records_.end() ? std::span<const LetterRecord>() : found->second;
}

const LetterRecord* LetterBook::decision(const TopicPartition& partition, Position position,
                                         const Unapplied& change) const {
  if (records_.empty()) return nullptr;
  const auto records = of({partition, position});
  if (const LetterRecord* exact = find(records, change)) return exact;
  const LetterRecord* whole = find(records, whole_event);
  return whole != nullptr && whole->disposition != Disposition::replayed ? whole : nullptr;
}

std::optional<DeadLetter> LetterBook::standing(const DeadLetter& letter) const {
  if (letter.generation != generation_) return std::nullopt;
  const auto records = of({{letter.topic, letter.partition}, letter.position});
  if (records.empty()) return letter;
  const auto settled = [&](const Unapplied& change) {
    const LetterRecord* record = find(records, change);
    return record != nullptr && record->disposition != Disposition::intended;
  };
  DeadLetter left = letter;
  if (left.unapplied.empty()) return settled(whole_event) ? std::nullopt : std::optional(std::move(left));
  std::erase_if(left.unapplied, settled);
  if (left.unapplied.empty()) return std::nullopt;
  return left;
}

}  // namespace sluice::engine
