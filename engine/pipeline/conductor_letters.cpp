// From failure to dead letter. A letter is one event's: it is posted when all changes of the event have
// settled, and until it is durable, the queues in which they failed stay held.
#include <algorithm>

#include "documents/document_id.hpp"
#include "pipeline/conductor.hpp"

namespace sluice::engine {

void Conductor::fail(Task& task, Code code, const std::string& reason, Instant now, Timestamp wall) {
  OpenEvent& event = *task.event;
  if (!event.letter) start_letter(event, code, reason, wall);
  event.letter->unapplied.push_back(name_of(task));
  hold(task, now, wall);
}

// A change of the event has failed in this queue: nothing later goes before the letter is durable. What the
// event's other handlers do to the same document is not later, and the letter waits for it: it still goes.
void Conductor::hold(Task& task, Instant now, Timestamp wall) {
  OpenEvent& event = *task.event;
  Queue& queue = *task.queue;
  queue.failures = 0;
  queue.waiting = false;
  queue.waiting_since.reset();
  --event.unsettled;
  Task* next = task.next;
  const bool goes_on = next != nullptr && next->event == &event;
  if (goes_on && !queue.assignment->revoked) {
    next->alone = next->holds = true;
    --targets_[task.work->target].queued;
    queues_.pop(queue);
    return make_ready(queue, now);
  }
  task.held = true;
  queue.state = Queue::State::held;
  if (queue.assignment->revoked) return advance(queue, now);
  end_if_settled(event, wall);
}

Unapplied Conductor::name_of(const Task& task) const {
  const Target& target = targets_[task.work->target];
  if (!target.settings.guarded) return {target.settings.name, {}, {}};
  const DocumentRef& document = task.work->change.document;
  return {settings_.handlers[task.work->handler].name, std::string(document.collection),
          id_to_text(document.id)};
}

void Conductor::heed_letters(OpenEvent& event) {
  const Assignment& assignment = *event.assignment;
  const Position position = event.handled->record->position;
  for (Task* task = event.tasks; task != nullptr; task = task->of_event)
    task->decided = assignment.letters.decision(assignment.name, position, name_of(*task));
}

// The head is in a letter already: either that still stands, or its replay has applied it, or it was given
// up.
void Conductor::settle_as_decided(Queue& queue, Instant now) {
  const LetterRecord& decided = *queue.head->decided;
  if (decided.disposition == Disposition::intended)
    return fail(*queue.head, decided.code, decided.reason, now, wall_);
  settle_group({&queue, queue.head, 1}, now, wall_);
}

void Conductor::start_letter(OpenEvent& event, Code code, std::string_view reason, Timestamp wall) {
  const HandledEvent& handled = *event.handled;
  const Record& record = *handled.record;
  auto letter = std::make_unique<DeadLetter>();
  letter->pipeline = settings_.pipeline;
  letter->topic = event.assignment->name.topic;
  letter->partition = event.assignment->name.partition;
  letter->position = record.position;
  letter->generation = settings_.generation;
  if (record.key) letter->key = std::string(*record.key);
  if (record.value) letter->value = std::string(*record.value);
  for (const Header& header : record.headers) {
    std::optional<std::string> value;
    if (header.value) value = std::string(*header.value);
    letter->headers.emplace_back(std::string(header.name), std::move(value));
  }
  letter->timestamp = record.timestamp;
  letter->code = code;
  letter->reason = std::string(reason);
  letter->event_id = std::string(handled.event.id);
  letter->event_type = std::string(handled.event.type);
  letter->failed_at = wall;
  event.letter = std::move(letter);
}

void Conductor::post_letter(OpenEvent& event) {
  if (settings_.has_dead_letters) {
    letters_due_.push_back(&event);
    return;
  }
  stop_with(event.letter->code, "event " + event.letter->id() + " cannot be applied (" +
                                    event.letter->reason +
                                    ") and the pipeline has no dead_letters to keep it in");
}

// An event that failed before its changes were known. Another plugin or configuration may accept it: if later
// events went ahead of its letter, then after a crash and an upgrade their watermarks would hide its changes.
// So they wait until the letter is durable.
void Conductor::refuse(OpenEvent& event, Timestamp wall) {
  start_letter(event, event.handled->code, event.handled->reason, wall);
  event.assignment->refused.push_back(&event);
  post_letter(event);
}

void Conductor::end_refusal(OpenEvent& event, Instant now) {
  Assignment& assignment = *event.assignment;
  if (std::erase(assignment.refused, &event) == 0) return;
  const auto before = [](const OpenEvent* one, const OpenEvent* other) {
    return other == nullptr || one->handled->record->position < other->handled->record->position;
  };
  const OpenEvent* first_refused = assignment.refused.empty() ? nullptr : assignment.refused.front();
  auto& behind = assignment.behind_refused;
  while (!behind.empty() && before(behind.front(), first_refused) &&
         before(behind.front(), assignment.stopping)) {
    OpenEvent& next = *behind.front();
    behind.pop_front();
    enqueue(next, now);
  }
}

void Conductor::drop_behind_refused(Assignment& assignment) {
  std::deque<OpenEvent*> dropped;
  dropped.swap(assignment.behind_refused);
  if (assignment.stopping != nullptr) dropped.push_back(std::exchange(assignment.stopping, nullptr));
  assignment.refused.clear();
  for (OpenEvent* event : dropped) {
    event->dropped = true;
    end_if_settled(*event, {});
  }
}

std::vector<DeadLetter> Conductor::next_letters(Instant now) {
  constexpr std::size_t most = 500;  // at a time
  if (letters_due_.empty() || !letters_out_.empty()) return {};
  if (letters_after_ && now < *letters_after_) return {};
  if (stop_) return {};
  const std::size_t count = std::min(letters_due_.size(), most);
  std::vector<DeadLetter> letters;
  letters.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    OpenEvent& event = *letters_due_[i];
    event.letter_out = true;
    letters.push_back(std::move(*event.letter));
    letters_out_.push_back(&event);
  }
  letters_due_.erase(letters_due_.begin(), letters_due_.begin() + static_cast<std::ptrdiff_t>(count));
  return letters;
}

void Conductor::letters_done(std::vector<DeadLetter> letters, const Result<void>& written, Instant now,
                             Timestamp wall) {
  wall_ = wall;
  std::vector<OpenEvent*> events;
  events.swap(letters_out_);
  for (std::size_t i = 0; i < events.size(); ++i) {
    *events[i]->letter = std::move(letters[i]);
    events[i]->letter_out = false;
  }
  if (!written) {
    if (!letters_retrying_) letters_retrying_ = Retrying{wall, {}};
    letters_retrying_->reason = written.error().message;
    if (written.error().code != Code::dead_letters_unavailable)
      return stop_with(written.error().code, "dead letters cannot be written: " + written.error().message);
    const auto lost = std::stable_partition(
        events.begin(), events.end(), [](const OpenEvent* event) { return !event->assignment->revoked; });
    letters_due_.insert(letters_due_.begin(), events.begin(), lost);
    for (auto event = lost; event != events.end(); ++event) abandon(**event);
    letters_after_ = now + backoff(settings_.letters_retry, ++letter_failures_, settings_.seed);
    return;
  }
  letter_failures_ = 0;
  letters_after_.reset();
  letters_retrying_.reset();
  for (OpenEvent* event : events) {
    release_held(*event, now);
    end_refusal(*event, now);
    finish_event(*event, Settled::dead_letter, wall);
  }
}

// Its partition is gone and its letter could not be written: whoever has the partition now does it anew.
void Conductor::abandon(OpenEvent& event) {
  event.dropped = true;
  std::vector<Queue*> held;
  for (const Task* task = event.tasks; task != nullptr; task = task->of_event)
    if (task->held) held.push_back(task->queue);
  drop(held, {&event});
}

// The letter is durable: what comes after the failed changes may go on.
void Conductor::release_held(OpenEvent& event, Instant now) {
  for (Task* task = event.tasks; task != nullptr; task = task->of_event) {
    if (!task->held) continue;
    task->held = false;
    Queue& queue = *task->queue;
    queue.failures = 0;
    queue.waiting_since.reset();
    --targets_[task->work->target].queued;
    if (!queues_.pop(queue)) advance(queue, now);
  }
}

}  // namespace sluice::engine
