#include "replay/replayer.hpp"

#include <algorithm>

#include "core/watermark_key.hpp"
#include "documents/change_list.hpp"
#include "documents/document_id.hpp"
#include "letters/letter_book.hpp"

namespace sluice::engine {
namespace {

// The letter's record as the source gave it; borrowed from the letter and from `headers`.
Record record_of(const DeadLetter& letter, std::vector<Header>& headers) {
  for (const auto& [name, value] : letter.headers)
    headers.push_back({name, value ? std::optional<std::string_view>(*value) : std::nullopt});
  Record record;
  record.position = letter.position;
  record.topic = letter.topic;
  if (letter.key) record.key = *letter.key;
  if (letter.value) record.value = *letter.value;
  record.headers = headers;
  record.timestamp = letter.timestamp;
  record.timestamp_kind = letter.timestamp == Timestamp{} ? TimestampKind::none : TimestampKind::create;
  return record;
}

// Whether the letter lists the change as not applied. A letter that lists nothing failed as a whole, and one
// that names a handler without a document failed for all of that handler.
bool stands(const DeadLetter& letter, const Unapplied& change) {
  if (letter.unapplied.empty()) return true;
  return std::ranges::any_of(letter.unapplied, [&](const Unapplied& listed) {
    return listed == change || listed == whole_event ||
           (listed.handler == change.handler && listed.collection.empty());
  });
}

bool out_of_reach(Code code) {
  return code == Code::store_unavailable || code == Code::sink_unavailable ||
         code == Code::dead_letters_unavailable || code == Code::store_fatal;
}

Error error_of(const WriteResult& result) {
  switch (result.outcome) {
    case Outcome::waiting:
      return {result.code == Code::store_unavailable ? Code::wait_expired : result.code,
              result.reason.empty() ? "what the change waits for is not there yet" : result.reason};
    case Outcome::retry:
      return {result.code, result.reason.empty() ? "the store is busy" : result.reason};
    default:
      return {result.code, result.reason};
  }
}

bool done(Outcome outcome) {
  return outcome == Outcome::applied || outcome == Outcome::already_applied || outcome == Outcome::skipped;
}

}  // namespace

// What of a letter is to be applied. Changes lie in the arena, the event in the decoder.
struct Replayer::Plan {
  struct PlannedChange {
    std::string_view handler;
    Change change;
  };
  std::vector<Header> headers;
  Record record;
  Event event;
  Arena arena;
  std::vector<PlannedChange> changes;
  std::vector<ReplayTargets::NamedSink> sinks;
  std::vector<Unapplied> listed;  // both, as a letter would list them: changes first
};

Replayer::Replayer(ReplayParts parts, ReplayOptions options) : parts_(std::move(parts)), options_(options) {}

ReplayReport Replayer::replay(const DeadLetter& letter) {
  Plan plan;
  auto result = check_passed(letter);
  if (result) result = plan_changes(letter, plan);
  if (result && !options_.dry_run) {
    for (std::size_t i = 0; result && i < plan.changes.size(); ++i) result = write_one(letter, plan, i);
    if (result) result = deliver(plan);
    if (result) result = record(letter, plan);
  }
  if (result) return {ReplayOutcome::replayed, Code::internal, {}, std::move(plan.listed)};
  const Error& error = result.error();
  return {out_of_reach(error.code) ? ReplayOutcome::unavailable : ReplayOutcome::failed, error.code,
          error.message, std::move(plan.listed)};
}

Result<void> Replayer::check_passed(const DeadLetter& letter) {
  if (parts_.journal == nullptr) return {};
  const auto positions = parts_.journal->positions(parts_.pipeline);
  if (!positions) return positions.error();
  const TopicPartition partition{letter.topic, letter.partition};
  // Any instance of the layout may have left the letter.
  const auto passed = std::ranges::count_if(*positions, [&](const PositionRecord& record) {
    return record.partition == partition && record.share.of == parts_.share.of &&
           record.next > letter.position;
  });
  if (passed == parts_.share.of) return {};
  return Error{
      letter.code,
      "the pipeline has not passed this event for good yet and may handle it once more; let it run until "
      "it has (sluice positions show), then replay"};
}

Result<void> Replayer::plan_changes(const DeadLetter& letter, Plan& plan) {
  plan.record = record_of(letter, plan.headers);
  plan.event.record = &plan.record;
  auto decoded = parts_.decoder->decode(plan.record, plan.event);
  if (!decoded) return std::move(decoded.error());
  if (*decoded == Decoded::passed_over) return {};  // the decoder has learnt that it is no event

  const ReplayTargets targets = parts_.route(plan.event.type);
  if (targets.handlers.empty() && targets.sinks.empty())
    return Error{Code::route_no_match,
                 "no route takes the event type \"" + std::string(plan.event.type) + "\" still"};
  for (const auto& handler : targets.handlers)
    if (auto planned = plan_handler(letter, handler, plan); !planned) return planned;
  for (const auto& sink : targets.sinks) {
    Unapplied delivery{std::string(sink.name), {}, {}};
    if (!stands(letter, delivery)) continue;
    plan.sinks.push_back(sink);
    plan.listed.push_back(std::move(delivery));
  }
  return {};
}

// An event is handled whole or not at all: a handler that rejects it keeps all of it back, whether its own
// changes stand or not.
Result<void> Replayer::plan_handler(const DeadLetter& letter, const ReplayTargets::NamedHandler& handler,
                                    Plan& plan) {
  ChangeList changes(plan.arena);
  if (auto handled = handler.handler->handle(plan.event, *parts_.decoder, changes); !handled)
    return Error{handled.error().code, std::string(handler.name) + ": " + handled.error().message};
  for (Change change : changes.changes()) {
    DocumentRef& document = change.document;
    if (parts_.store_collection) {
      const auto name = parts_.store_collection(document.collection);
      if (!name) return Error{name.error().code, std::string(handler.name) + ": " + name.error().message};
      document.collection = plan.arena.copy(*name);
      document.hash = document_hash(document.collection, document.id);
    }
    Unapplied listed{std::string(handler.name), std::string(document.collection), id_to_text(document.id)};
    if (!stands(letter, listed)) continue;
    plan.changes.push_back({handler.name, change});
    plan.listed.push_back(std::move(listed));
  }
  return {};
}

// One at a time: several handlers may change one document, and a batch may not.
Result<void> Replayer::write_one(const DeadLetter& letter, const Plan& plan, std::size_t change) {
  const auto& planned = plan.changes[change];
  if (parts_.store == nullptr) return Error{Code::store_fatal, "the pipeline has no store"};
  const std::string key = watermark_key(parts_.pipeline, planned.handler, {letter.topic, letter.partition});
  // Two handlers may change one document for one event: each is a replay of its own.
  const std::string replay_id = letter.id() + '#' + std::string(planned.handler);
  const Sequence sequence = Sequence::of(parts_.generation, letter.position);
  const Write write{.change = planned.change,
                    .watermark_key = key,
                    .first = sequence,
                    .last = sequence,
                    .replay_id = replay_id,
                    .refuse_if_newer = !options_.force};
  WriteResult result;
  if (auto reached = parts_.store->write({&write, 1}, {&result, 1}); !reached) return reached;
  if (done(result.outcome)) return {};
  Error error = error_of(result);
  const Unapplied& what = plan.listed[change];
  error.message = what.handler + " on " + what.collection + ' ' + what.document + ": " + error.message;
  return error;
}

Result<void> Replayer::deliver(const Plan& plan) {
  const Event* event = &plan.event;
  for (const auto& [name, sink] : plan.sinks) {
    WriteResult result{Outcome::retry, Code::sink_unavailable, {}};
    if (auto reached = sink->deliver({&event, 1}, {&result, 1}); !reached) return reached;
    if (!done(result.outcome)) return Error{result.code, std::string(name) + ": " + result.reason};
  }
  return {};
}

// All that the letter lists and all that was applied, so that the event, should it ever be delivered again,
// is not applied beside its replay.
Result<void> Replayer::record(const DeadLetter& letter, const Plan& plan) {
  if (parts_.journal == nullptr) return {};
  std::vector<LetterRecord> records = to_records(letter, Disposition::replayed);
  if (!plan.listed.empty()) {
    DeadLetter applied = letter;
    applied.unapplied = plan.listed;
    std::ranges::move(to_records(applied, Disposition::replayed), std::back_inserter(records));
  }
  return parts_.journal->save_letters(parts_.pipeline, records);
}

}  // namespace sluice::engine
