#include "mongodb/resolve.hpp"

namespace sluice::engine::mongodb {
namespace {

WriteResult plain(Outcome outcome) { return {outcome, Code::store_unavailable, {}}; }

Decision ends(Outcome outcome) { return {std::nullopt, plain(outcome)}; }
Decision ends(Outcome outcome, Code code, std::string reason) {
  return {std::nullopt, {outcome, code, std::move(reason)}};
}
Decision again(Form form) { return {form, {}}; }

// What the statement would have made of the write, had its answer come.
Outcome success_of(Form form) noexcept { return form == Form::skip ? Outcome::skipped : Outcome::applied; }

Decision objected(const Answer& answer) {
  if (answer.objection == Objection::taken)
    return ends(Outcome::waiting, Code::store_conflict, answer.reason);
  return ends(Outcome::rejected, Code::store_refused, answer.reason);
}

Decision missing(const Write& write, const Attempt& attempt, const Answer& answer) {
  const Change& change = write.change;
  if (change.kind == ChangeKind::remove && !attempt.tombstones) return ends(Outcome::applied);
  if (change.wait_until_exists && change.kind == ChangeKind::patch)
    return ends(Outcome::waiting, Code::wait_expired, "the document does not exist yet");
  if (answer.objection != Objection::none) return objected(answer);
  return again(first_form(write, attempt.tombstones));
}

// An upsert that finds a tombstone tries to insert, whatever it is refused for: no objection counts but that
// against the revival itself.
Decision buried(const Write& write, const Attempt& attempt, const Answer& answer) {
  const Change& change = write.change;
  if (change.wait_until_exists && change.kind == ChangeKind::patch)
    return ends(Outcome::waiting, Code::wait_expired, "the document was removed");
  const bool makes = change.kind == ChangeKind::insert || change.kind == ChangeKind::patch;
  if (!makes || attempt.form == Form::revive || attempt.form == Form::swap) {
    if (answer.objection != Objection::none) return objected(answer);
    return again(makes && attempt.form != Form::swap ? Form::revive : first_form(write, attempt.tombstones));
  }
  return again(first_form(write, attempt.tombstones) == Form::swap ? Form::swap : Form::revive);
}

// The document is there and the guard would let the write through.
Decision standing_there(const Write& write, const Attempt& attempt, const Answer& answer) {
  const Change& change = write.change;
  if (change.kind == ChangeKind::insert)
    return ends(Outcome::rejected, Code::store_conflict, "a document with this id exists, made by another");
  const Form first = first_form(write, attempt.tombstones);
  if (change.conditions.empty() || first == Form::swap) {
    if (answer.objection != Objection::none) return objected(answer);
    return again(first);
  }
  // A condition may have kept the update from it, and an upsert then tried to insert: whatever was objected
  // to may not be about this write at all, until it is known that no condition holds.
  if (answer.objection != Objection::none && attempt.skip_failed) return objected(answer);
  return again(attempt.form == Form::skip ? (first == Form::insert ? Form::upsert : first) : Form::skip);
}

}  // namespace

std::optional<WriteResult> settled(const Attempt& attempt, const Answer& answer) {
  switch (answer.proof) {
    case Proof::done:
      return plain(success_of(attempt.form));
    case Proof::again:
      return WriteResult{Outcome::retry, Code::store_unavailable, answer.reason};
    case Proof::fatal:
      return WriteResult{Outcome::fatal, Code::store_fatal, answer.reason};
    case Proof::not_done:
    case Proof::perhaps:
    case Proof::unknown:
      break;
  }
  return std::nullopt;
}

Decision resolve(const Write& write, const Attempt& attempt, const Answer& answer, const Standing& standing) {
  if (standing.presence != Presence::absent) {
    if (standing.reached) {
      // Who left this mark is open when the answer is; that it is there is what counts.
      const bool ours = answer.proof != Proof::not_done && standing.exactly;
      return ends(ours ? success_of(attempt.form) : Outcome::already_applied);
    }
    if (standing.overtaken)
      return ends(Outcome::rejected, Code::store_refused, "newer events have changed the document");
  }
  const bool gone =
      standing.presence == Presence::absent && write.change.kind == ChangeKind::remove && !attempt.tombstones;
  if (gone) return ends(Outcome::applied);
  if (answer.proof == Proof::unknown) return ends(Outcome::retry, Code::store_unavailable, answer.reason);

  switch (standing.presence) {
    case Presence::absent:
      return missing(write, attempt, answer);
    case Presence::tombstone:
      return buried(write, attempt, answer);
    case Presence::live:
      break;
  }
  return standing_there(write, attempt, answer);
}

}  // namespace sluice::engine::mongodb
