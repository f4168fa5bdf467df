// The one table from what a statement's answer proves, and what the document says when it is read back, to
// what becomes of the write.
#pragma once

#include <optional>

#include "mongodb/plan.hpp"
#include "mongodb/reply.hpp"
#include "mongodb/standing.hpp"

namespace sluice::engine::mongodb {

// One try of a write.
struct Attempt {
  Form form = Form::insert;
  bool tombstones = false;   // of the collection
  bool skip_failed = false;  // an earlier try to skip found no condition that holds
};

// What is to be done: the outcome, or another try at once.
struct Decision {
  std::optional<Form> next{};
  WriteResult result{};
};

// The outcome of a statement whose answer leaves nothing open; nothing if the document must be read back.
[[nodiscard]] std::optional<WriteResult> settled(const Attempt& attempt, const Answer& answer);

// Precondition: settled() gave nothing for this answer.
[[nodiscard]] Decision resolve(const Write& write, const Attempt& attempt, const Answer& answer,
                               const Standing& standing);

}  // namespace sluice::engine::mongodb
