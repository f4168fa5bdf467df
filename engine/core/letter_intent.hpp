// A letter's intent: recorded in the journal before the letter is written, so that a change which is going to
// be a dead letter is never applied after all.
//
// Why: a change may fail for a reason that passes, such as waiting too long for a document. If the process
// dies when the letter is durable and the position is not yet committed, the record is delivered again, and
// this time the change might succeed: applied, and in a letter, whose replay would apply it twice. With the
// intent known at the next start, it fails at once, the same way.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dead_letters.hpp"
#include "core/journal.hpp"

namespace sluice::engine {

struct LetterIntent {
  TopicPartition partition;
  Position position;
  Code code = Code::internal;
  std::string reason;
  std::vector<Unapplied> unapplied;
};

[[nodiscard]] LetterRecord to_record(const DeadLetter& letter);
// Whether a letter still is to be listed, beside what the journal has of it: it was not replayed or
// discarded, or failed again later, or names a change that the record does not (an instance with other
// handlers wrote it).
[[nodiscard]] bool stands(const DeadLetter& letter, const LetterRecord& record);

// Nothing if the record holds no intent of this pipeline.
[[nodiscard]] std::optional<LetterIntent> read_intent(const LetterRecord& record, std::string_view pipeline);

}  // namespace sluice::engine
