// What the reply to a write command proves about each of its statements.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/write.hpp"
#include "mongodb/plan.hpp"

namespace sluice::engine::mongodb {

enum class Proof : std::uint8_t {
  done,      // the statement did what it says, as durably as was asked for
  not_done,  // it did nothing: a duplicate key, another refusal, or no document that its filter lets through
  perhaps,   // the totals say that some of several did something
  unknown,   // the answer was lost, or the write concern was not met: done, not done, or done later
  again,     // refused for a reason that passes
  fatal,     // refused for a reason that stays
};

enum class Objection : std::uint8_t {
  none,
  taken,    // a unique index other than that of _id
  refused,  // the document or the change
};

struct Answer {
  Proof proof = Proof::unknown;
  Objection objection = Objection::none;
  std::string reason{};  // of an objection, again, fatal, unknown
};

// Reads the reply to a command of `forms.size()` statements, of one kind of command. A failure of the whole
// command is not a reply. Updates and deletes that are not told apart by the reply share their total: if it
// falls short, all of them are in doubt.
void read_reply(bson::View reply, std::span<const Form> forms, std::span<Answer> answers);

// What an error proves that is about one statement: {code, errmsg, keyPattern}, an entry of writeErrors.
[[nodiscard]] Answer answer_of(bson::View error);

// Whether the error of a statement, with a code of duplicates, is about another index than that of _id. By
// the key pattern; older servers give only the index's name in the message.
[[nodiscard]] bool of_another_index(bson::View write_error) noexcept;

}  // namespace sluice::engine::mongodb
