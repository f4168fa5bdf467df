// What was decided about changes that could not be applied: the journal's records of dead letters.
//
// A change that is in a letter is never applied by its event again, only by the letter's replay. Why: it may
// have failed for a reason that passes, such as waiting too long for a document. If the process dies when the
// letter is durable and the position is not yet committed, the record is delivered again, and this time the
// change might succeed: applied, and in a letter whose replay would apply it twice. So before a letter is
// written it is recorded what it holds, and whoever handles the event again finds that here.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/dead_letters.hpp"
#include "core/journal.hpp"

namespace sluice::engine {

// One for each change that the letter lists, or one for the event as a whole.
[[nodiscard]] std::vector<LetterRecord> to_records(const DeadLetter& letter, Disposition disposition);

// The records of one pipeline. Those of other generations than the one asked for count for nothing: a new
// generation applies everything anew.
class LetterBook {
 public:
  explicit LetterBook(int generation = 0) : generation_(generation) {}

  void add(LetterRecord record);
  [[nodiscard]] bool empty() const noexcept { return records_.empty(); }

  // What was decided about this change of the event at this position, or null. A decision about the event as
  // a whole holds for each of its changes, but that it was replayed: the replay's changes have records of
  // their own, and one that was not among them was not applied. Valid until add().
  [[nodiscard]] const LetterRecord* decision(const TopicPartition& partition, Position position,
                                             const Unapplied& change) const;

  // The letter with what of it was neither replayed nor discarded; nothing if that is all.
  [[nodiscard]] std::optional<DeadLetter> standing(const DeadLetter& letter) const;

 private:
  using Place = std::pair<TopicPartition, Position>;

  [[nodiscard]] std::span<const LetterRecord> of(const Place& place) const;

  int generation_;
  std::map<Place, std::vector<LetterRecord>> records_;
};

}  // namespace sluice::engine
