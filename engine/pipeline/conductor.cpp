// From chunk to queue, and from settled events to safe positions.
#include "pipeline/conductor.hpp"

#include <algorithm>

#include "core/watermark_key.hpp"
#include "documents/compose.hpp"

namespace sluice::engine {
namespace {

std::optional<std::string_view> keep(const std::optional<std::string_view>& text, Arena& arena) {
  if (!text) return std::nullopt;
  return arena.copy(*text);
}

bson::Value keep(const bson::Value& value, Arena& arena) {
  const auto bytes = arena.copy(std::span<const std::uint8_t>(value.data, value.size));
  return {value.type, bytes.data(), value.size};
}

void keep(Change& change, Arena& arena) {
  change.document.collection = arena.copy(change.document.collection);
  change.document.id = keep(change.document.id, arena);
  if (!change.content.empty()) change.content = bson::View(keep(change.content.as_value(), arena).data);
  auto operations = arena.copy(change.operations);
  for (Operation& operation : operations)
    operation = {operation.op, arena.copy(operation.path), keep(operation.value, arena)};
  change.operations = operations;
  auto conditions = arena.copy(change.conditions);
  for (Condition& condition : conditions)
    condition = {condition.kind, arena.copy(condition.path), keep(condition.value, arena)};
  change.conditions = conditions;
}

void keep(Record& record, Arena& arena) {
  record.topic = arena.copy(record.topic);
  record.key = keep(record.key, arena);
  record.value = keep(record.value, arena);
  auto headers = arena.copy(record.headers);
  for (Header& header : headers) header = {arena.copy(header.name), keep(header.value, arena)};
  record.headers = headers;
}

}  // namespace

Conductor::Conductor(ConductorSettings settings)
    : settings_(std::move(settings)), coalescer_(std::make_unique<Coalescer>()), breaker_(settings_.breaker) {
  for (const TargetSettings& target : settings_.targets) targets_.emplace_back().settings = target;
}

Conductor::~Conductor() = default;

void Conductor::assign(PartitionId id, const TopicPartition& partition, const Progress& start,
                       std::vector<LetterRecord> letters) {
  LetterBook book(settings_.generation);
  for (LetterRecord& letter : letters) book.add(std::move(letter));
  auto assignment = std::make_unique<Assignment>(id, partition, start, std::move(book));
  for (const auto& handler : settings_.handlers)
    assignment->watermark_keys.push_back(watermark_key(settings_.pipeline, handler.name, partition));
  assignment->reported = start.next;
  assignments_.insert_or_assign(id, std::move(assignment));
}

void Conductor::revoke(PartitionId id) {
  const auto found = assignments_.find(id);
  if (found == assignments_.end()) return;
  Assignment& assignment = *found->second;
  assignment.revoked = true;
  const auto of_it = [&](const Queue* queue) { return queue->assignment == &assignment; };
  for (Target& target : targets_) target.ready.erase_if(of_it);
  std::vector<OpenEvent*> touched;
  std::erase_if(letters_due_, [&](OpenEvent* event) {
    if (event->assignment != &assignment) return false;
    event->dropped = true;
    touched.push_back(event);
    return true;
  });
  drop_behind_refused(assignment);
  std::vector<Queue*> dropped;
  queues_.for_each([&](Queue& queue) {
    const bool out = queue.state == Queue::State::in_flight || queue.head->event->letter_out;
    if (of_it(&queue) && !out) dropped.push_back(&queue);
  });
  drop(dropped, std::move(touched));
}

void Conductor::forget(PartitionId id) {
  const auto found = assignments_.find(id);
  if (found == assignments_.end()) return;
  found->second->forgotten = true;
  if (found->second->unfinished == 0) assignments_.erase(found);
}

void Conductor::take(std::unique_ptr<HandledChunk> chunk, Instant now, Timestamp wall) {
  wall_ = wall;
  early_.emplace(chunk->number, std::move(chunk));
  for (auto next = early_.begin(); next != early_.end() && next->first == next_chunk_;
       next = early_.begin()) {
    auto turn = std::move(next->second);
    early_.erase(next);
    ++next_chunk_;
    open_chunk(std::move(turn), now, wall);
  }
}

void Conductor::open_chunk(std::unique_ptr<HandledChunk> handled, Instant now, Timestamp wall) {
  auto made = std::make_unique<OpenChunk>();
  OpenChunk& chunk = *made;
  chunk.opened = now;
  chunk.handled = std::move(handled);
  const auto& events = chunk.handled->events;
  chunk.events.reserve(events.size());
  // One more than there are, so that the chunk cannot end under our feet.
  chunk.borrowers = events.size() + 1;
  unfinished_ += events.size();
  chunks_.emplace(&chunk, std::move(made));

  for (const HandledEvent& handled_event : events) {
    OpenEvent& event = *event_pool_.take();
    event.chunk = &chunk;
    event.handled = &handled_event;
    chunk.events.push_back(&event);
    open_event(event, now, wall);
  }
  give_back(chunk);
}

void Conductor::open_event(OpenEvent& event, Instant now, Timestamp wall) {
  const HandledEvent& handled = *event.handled;
  const auto found = assignments_.find(handled.record->partition);
  const bool ours = found != assignments_.end() && !found->second->revoked;
  if (ours) ++found->second->seen;
  if (!ours || handled.record->position < found->second->ledger.next() || stop_) {
    release(event);  // late for a partition that is gone, or a record that came twice
    return;
  }
  event.assignment = found->second.get();
  ++event.assignment->unfinished;
  const std::optional<Origin>& origin = handled.event.origin;
  event.slot = event.assignment->ledger.begin({handled.record->position, handled.record->timestamp}, origin);
  event.assignment->line.begin();
  if (origin && !event.assignment->origins.add(*origin)) return finish_event(event, Settled::repeated, wall);
  if (event.assignment->stopping != nullptr) return event.assignment->behind_refused.push_back(&event);
  switch (handled.handling) {
    case Handling::passed_over:
      return finish_event(event, Settled::passed_over, wall);
    case Handling::ignored:
      return finish_event(event, Settled::ignored, wall);
    case Handling::stops:
      event.assignment->stopping = &event;
      return stop_if_due(*event.assignment);
    case Handling::refused:
      return refuse(event, wall);
    case Handling::handled:
      break;
  }
  if (handled.work.empty()) return finish_event(event, Settled::applied, wall);
  if (!event.assignment->refused.empty()) return event.assignment->behind_refused.push_back(&event);
  enqueue(event, now);
}

void Conductor::enqueue(OpenEvent& event, Instant now) {
  event.unsettled = static_cast<std::uint32_t>(event.handled->work.size());
  Task** link = &event.tasks;
  for (const Work& work : event.handled->work) {
    Task* task = task_pool_.take();
    task->event = &event;
    task->work = &work;
    *link = task;
    link = &task->of_event;
  }
  if (!event.assignment->letters.empty()) heed_letters(event);
  for (Task* task = event.tasks; task != nullptr; task = task->of_event) {
    ++targets_[task->work->target].queued;
    if (queues_.append(*task, *event.assignment)) make_ready(*task->queue, now, ReadyList::Place::last);
  }
}

void Conductor::finish_event(OpenEvent& event, Settled how, Timestamp wall) {
  const HandledEvent& handled = *event.handled;
  Assignment& assignment = *event.assignment;
  assignment.ledger.finish(event.slot);
  --assignment.unfinished;
  stop_if_due(assignment);
  std::optional<Timestamp> appended;
  if (handled.record->timestamp_kind != TimestampKind::none) appended = handled.record->timestamp;
  const Code code = event.letter ? event.letter->code : handled.code;
  const Timestamp polled = event.detached ? event.detached->polled : event.chunk->handled->chunk.polled;
  settled_.push_back({how,
                      code,
                      handled.event.id,
                      handled.event.type,
                      {handled.event.created, handled.event.captured, appended, polled, wall},
                      event.letter.get()});
  if (how == Settled::passed_over || how == Settled::repeated)
    assignment.line.leave_out(event.slot, breaker_);
  else
    assignment.line.finish(event.slot, how == Settled::dead_letter, breaker_);
  if (breaker_.open())
    stop_with(Code::breaker_open, std::to_string(breaker_.letters()) + " of the last " +
                                      std::to_string(breaker_.window()) +
                                      " events became dead letters; mend the cause, then `sluice resume`");
  release(event);
}

// The event takes no more part: gives back what it borrowed, and itself.
void Conductor::release(OpenEvent& event) {
  ++finished_events_;
  finished_bytes_ += size_of(*event.handled->record);
  --unfinished_;
  if (event.assignment != nullptr && event.assignment->forgotten && event.assignment->unfinished == 0)
    assignments_.erase(event.assignment->id);
  if (event.detached)
    spent_events_.push_back(std::move(event.detached));
  else
    give_back(*event.chunk);
  if (event.letter) spent_letters_.push_back(std::move(event.letter));
  for (Task* task = event.tasks; task != nullptr;) {
    Task* next = task->of_event;
    task_pool_.give_back(task);
    task = next;
  }
  event_pool_.give_back(&event);
}

// One borrower less. What settled() looks into is kept until it is forgotten.
void Conductor::give_back(OpenChunk& chunk) {
  if (--chunk.borrowers > 0) return;
  spent_handled_.push_back(std::move(chunk.handled));
  chunks_.erase(&chunk);
}

// With a revoked partition: what is dropped is neither applied nor settled. Events end last, as the end of
// one may be the end of all that the queues look into.
void Conductor::drop(std::span<Queue* const> queues, std::vector<OpenEvent*> touched) {
  for (Queue* queue : queues) {
    for (Task* task = queue->head; task != nullptr; task = task->next) {
      --targets_[task->work->target].queued;
      task->event->dropped = true;
      if (!task->held) --task->event->unsettled;
      touched.push_back(task->event);
    }
    queues_.forget(*queue);
  }
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  for (OpenEvent* event : touched) end_if_settled(*event, {});
}

void Conductor::end_if_settled(OpenEvent& event, Timestamp wall) {
  if (event.unsettled > 0) return;
  if (event.dropped) {
    --event.assignment->unfinished;
    return release(event);
  }
  if (event.letter) return post_letter(event);
  finish_event(event, Settled::applied, wall);
}

// Copies what an event borrows from its chunk, since it will stay longer: a held chunk pins the client's
// buffers.
void Conductor::detach(OpenEvent& event) {
  if (event.detached || event.in_flight > 0) return;
  auto own = std::make_unique<DetachedEvent>();
  own->polled = event.chunk->handled->chunk.polled;
  own->record = *event.handled->record;
  keep(own->record, own->arena);
  own->handled = *event.handled;
  HandledEvent& handled = own->handled;
  handled.record = handled.event.record = &own->record;
  handled.reason = own->arena.copy(handled.reason);
  for (std::string_view* text : {&handled.event.id, &handled.event.type, &handled.event.aggregate_type,
                                 &handled.event.aggregate_id, &handled.event.payload_json})
    *text = own->arena.copy(*text);
  auto work = own->arena.copy(event.handled->work);
  for (Work& one : work) keep(one.change, own->arena);
  handled.work = work;
  Task* task = event.tasks;
  for (const Work& one : work) {
    if (task == nullptr) break;  // it has none yet: it waits behind a refused event
    task->work = &one;
    task = task->of_event;
  }
  event.handled = &handled;
  event.detached = std::move(own);
  give_back(*event.chunk);
}

// A chunk stays whole while one event borrows from it, but only its unfinished events count as unfinished
// bytes. One busy document is enough to leave some of every chunk behind. So a chunk is let go when next to
// nothing of it is left, or less than half once it is no longer new: what is copied then is little, and
// memory stays near what is counted.
void Conductor::detach_remnants(Instant now) {
  static constexpr milliseconds interval{10};
  static constexpr milliseconds old_enough{100};
  const auto is_remnant = [now](const OpenChunk& chunk) {
    const bool next_to_nothing = chunk.borrowers * 8 <= chunk.events.size();
    const bool less_than_half = chunk.borrowers * 2 < chunk.events.size();
    return next_to_nothing || (less_than_half && now - chunk.opened >= old_enough);
  };
  if (now < next_detach_) return;
  next_detach_ = now + interval;
  for (auto next = chunks_.begin(); next != chunks_.end();) {
    OpenChunk& chunk = *(next++)->second;
    if (!is_remnant(chunk)) continue;
    ++chunk.borrowers;  // us, so that it stays while we look through it
    for (OpenEvent* event : chunk.events)
      if (event->chunk == &chunk) detach(*event);
    give_back(chunk);
  }
}

void Conductor::stop_if_due(const Assignment& assignment) {
  const OpenEvent* event = assignment.stopping;
  if (event != nullptr && assignment.ledger.is_next(event->slot))
    stop_with(event->handled->code, std::string(event->handled->reason));
}

void Conductor::stop_with(Code code, std::string reason) {
  if (!stop_) stop_ = Stop{code, std::move(reason)};
}

std::vector<SafeMark> Conductor::moved_positions() {
  std::vector<SafeMark> moved;
  for (auto& [id, assignment] : assignments_) {
    const Ledger& ledger = assignment->ledger;
    if (assignment->revoked || ledger.safe() == assignment->reported) continue;
    assignment->reported = ledger.safe();
    moved.push_back({id, assignment->name, {ledger.safe(), ledger.origins()}, ledger.last()});
  }
  return moved;
}

std::optional<SafeMark> Conductor::position(PartitionId id) const {
  const auto found = assignments_.find(id);
  if (found == assignments_.end()) return std::nullopt;
  const Assignment& assignment = *found->second;
  const Ledger& ledger = assignment.ledger;
  return SafeMark{id, assignment.name, {ledger.safe(), ledger.origins()}, ledger.last()};
}

void Conductor::forget_settled() {
  settled_.clear();
  spent_handled_.clear();
  spent_events_.clear();
  spent_letters_.clear();
}

bool Conductor::in_flight(PartitionId id) const {
  const auto found = assignments_.find(id);
  if (found == assignments_.end()) return false;
  const auto of_it = [&](const OpenEvent* event) { return event->assignment == found->second.get(); };
  return found->second->in_flight > 0 || std::any_of(letters_out_.begin(), letters_out_.end(), of_it);
}

bool Conductor::at_rest() const {
  if (!early_.empty() || !letters_due_.empty() || !letters_out_.empty()) return false;
  for (const Target& target : targets_)
    if (target.batches_out > 0) return false;
  bool rest = true;
  queues_.for_each([&](const Queue& queue) {
    const bool waits = queue.waiting && queue.state == Queue::State::backing_off;
    const bool held = queue.state == Queue::State::held;  // by an event that waits elsewhere
    rest = rest && (waits || held);
  });
  return rest;
}

}  // namespace sluice::engine
