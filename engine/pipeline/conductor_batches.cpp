// From queue to batch, and from outcome to decision.
#include <algorithm>

#include "documents/compose.hpp"
#include "pipeline/conductor.hpp"

namespace sluice::engine {
namespace {

constexpr std::uint32_t largest_group = 4096;  // changes coalesced into one write

// Which reason of several to show: what a store says, else what the code means.
std::string reason_of(const WriteResult& result) {
  return result.reason.empty() ? std::string(describe(result.code).meaning) : result.reason;
}

}  // namespace

void Conductor::make_ready(Queue& queue, Instant now, ReadyList::Place place) {
  if (queue.document->in_flight) {
    queue.state = Queue::State::parked;
    return;
  }
  Target& target = targets_[queue.document->target];
  queue.state = Queue::State::ready;
  target.ready.push(queue, place);
  if (!target.ready_since) target.ready_since = now;
}

bool Conductor::may_send(const Target& target, Instant now) const {
  if (stop_ || target.ready.empty()) return false;
  if (target.down_until && now < *target.down_until) return false;
  if (target.failures > 0) return target.batches_out == 0;  // one probe until something gets through
  const BatchLimits& limits = target.settings.batch;
  const bool full = target.ready.size() >= limits.events;
  return full || limits.linger.count() == 0 || now >= *target.ready_since + limits.linger || draining_;
}

std::unique_ptr<Batch> Conductor::next_batch(std::uint16_t index, Instant now) {
  Target& target = targets_[index];
  if (!may_send(target, now)) return nullptr;
  auto batch = std::make_unique<Batch>();
  batch->target = index;
  const BatchLimits& limits = target.settings.batch;
  while (!target.ready.empty() && batch->size() < limits.events && batch->bytes < limits.bytes) {
    Queue& queue = target.ready.pop();
    if (queue.document->in_flight) {  // another partition's queue of the same document has just gone out
      queue.state = Queue::State::parked;
      continue;
    }
    if (queue.head->decided != nullptr) {
      settle_as_decided(queue, now);
      continue;
    }
    add_group(*batch, queue, target);
  }
  target.ready_since = target.ready.empty() ? std::nullopt : std::optional(now);
  if (batch->size() == 0) return nullptr;
  ++target.batches_out;
  ++batches_;
  writes_ += batch->size();
  return batch;
}

void Conductor::add_group(Batch& batch, Queue& queue, Target& target) {
  const BatchLimits& limits = target.settings.batch;
  Task* head = queue.head;
  Task* last = head;
  std::uint32_t count = 1;
  batch.bytes += head->work->bytes;
  if (target.settings.guarded && !head->alone) {
    coalescer_->start(head->work->change);
    for (Task* next = head->next; next != nullptr && count < largest_group; next = next->next) {
      if (batch.bytes >= limits.bytes) break;
      if (next->alone || next->decided != nullptr || next->work->handler != head->work->handler ||
          !coalescer_->add(next->work->change))
        break;
      batch.bytes += next->work->bytes;
      last = next;
      ++count;
    }
  }
  if (target.settings.guarded) {
    const auto sequence = [this](const Task* task) {
      return Sequence::of(settings_.generation, task->event->handled->record->position);
    };
    Write write;
    write.change = count == 1 ? head->work->change : coalescer_->finish(batch.arena);
    write.watermark_key = queue.assignment->watermark_keys[head->work->handler];
    write.first = sequence(head);
    write.last = sequence(last);
    batch.writes.push_back(write);
  } else {
    batch.events.push_back(&head->event->handled->event);
  }
  batch.groups.push_back({&queue, head, count});
  batch.changes += count;
  target.queued -= count;
  target.in_flight += count;
  queue.assignment->in_flight += count;
  queue.state = Queue::State::in_flight;
  queue.document->in_flight = true;
  Task* task = head;
  for (std::uint32_t i = 0; i < count; ++i, task = task->next) ++task->event->in_flight;
}

void Conductor::finish(WrittenBatch written, Instant now, Timestamp wall) {
  wall_ = wall;
  Batch& batch = *written.batch;
  Target& target = targets_[batch.target];
  --target.batches_out;
  target.in_flight -= batch.changes;
  for (const Batch::Group& group : batch.groups) {
    group.queue->document->in_flight = false;
    group.queue->assignment->in_flight -= group.count;
    Task* task = group.first;
    for (std::uint32_t i = 0; i < group.count; ++i, task = task->next) --task->event->in_flight;
  }
  const bool reached = written.reached.ok();
  if (!reached && written.reached.error().code != Code::store_fatal) {
    target_down(target, written.reached.error(), now, wall);
  } else if (!reached) {
    stop_with(written.reached.error().code, written.reached.error().message);
  } else {
    target.failures = 0;
    target.down_until.reset();
    target.retrying_since.reset();
    target.retry_reason.clear();
  }
  for (std::size_t i = 0; i < batch.groups.size(); ++i) {
    target.queued += batch.groups[i].count;  // back in their queues, from which what is settled is taken
    Document& document = *batch.groups[i].queue->document;
    unpark(document, now);
    judge(batch.groups[i], written.results[i], reached, now, wall);
  }
}

// Queues of the same document that had to stand aside.
void Conductor::unpark(Document& document, Instant now) {
  for (Queue* queue = document.queues; queue != nullptr; queue = queue->sibling)
    if (queue->state == Queue::State::parked) make_ready(*queue, now);
}

void Conductor::judge(const Batch::Group& group, WriteResult& result, bool reached, Instant now,
                      Timestamp wall) {
  Queue& queue = *group.queue;
  const bool guarded = targets_[queue.document->target].settings.guarded;
  // A sink has no documents to wait for.
  if (result.outcome == Outcome::waiting && !guarded) result.outcome = Outcome::retry;
  switch (result.outcome) {
    case Outcome::applied:
    case Outcome::skipped:
      return settle_group(group, now, wall);
    case Outcome::already_applied:
      return group.count == 1 ? settle_group(group, now, wall) : split_group(group, now);
    case Outcome::waiting:
      return group.count == 1 ? wait(group, result, now, wall) : split_group(group, now);
    case Outcome::rejected:
      if (group.count > 1) return split_group(group, now);
      return fail(*group.first, result.code, reason_of(result), now, wall);
    case Outcome::retry:
      retries_ += group.count;
      if (queue.assignment->revoked) return advance(queue, now);
      if (!reached) return make_ready(queue, now);
      queue.waiting = false;
      ++queue.failures;
      targets_[queue.document->target].last_reason = reason_of(result);
      return back_off(queue, now, microseconds::max());
    case Outcome::fatal:
      stop_with(result.code, reason_of(result));
      return make_ready(queue, now);
  }
}

void Conductor::settle_group(const Batch::Group& group, Instant now, Timestamp wall) {
  Queue& queue = *group.queue;
  Target& target = targets_[queue.document->target];
  if (group.first->holds) return hold(*group.first, now, wall);
  queue.failures = 0;
  queue.waiting = false;
  queue.waiting_since.reset();
  bool gone = false;
  for (std::uint32_t i = 0; i < group.count; ++i) {
    Task* task = queue.head;
    gone = queues_.pop(queue);
    --target.queued;
    --task->event->unsettled;
    end_if_settled(*task->event, wall);
  }
  if (!gone) advance(queue, now);
}

// Something in the group did not go as the group assumed: its changes go one by one.
void Conductor::split_group(const Batch::Group& group, Instant now) {
  Task* task = group.first;
  for (std::uint32_t i = 0; i < group.count; ++i, task = task->next) task->alone = true;
  advance(*group.queue, now);
}

// The queue goes on with its head, whatever that is now.
void Conductor::advance(Queue& queue, Instant now) {
  if (!queue.assignment->revoked) return make_ready(queue, now);
  Queue* const dropped = &queue;
  drop({&dropped, 1}, {});
}

bool Conductor::expired(const Queue& queue, Instant now) const {
  return now - *queue.waiting_since >= settings_.handlers[queue.head->work->handler].wait_for;
}

void Conductor::wait(const Batch::Group& group, WriteResult& result, Instant now, Timestamp wall) {
  Queue& queue = *group.queue;
  if (queue.assignment->revoked) return advance(queue, now);
  if (!queue.waiting_since) queue.waiting_since = now;
  if (expired(queue, now)) {
    const std::string& because = result.reason;
    return fail(*group.first, Code::wait_expired,
                because.empty() ? "the document to change did not come into being in time" : because, now,
                wall);
  }
  queue.waiting = true;
  ++queue.failures;
  queue.assignment->line.let_pass(group.first->event->slot, breaker_);
  detach(*group.first->event);
  const auto left = settings_.handlers[group.first->work->handler].wait_for - (now - *queue.waiting_since);
  back_off(queue, now, std::chrono::ceil<microseconds>(left));
}

void Conductor::back_off(Queue& queue, Instant now, microseconds at_most) {
  const RetrySettings& retry = targets_[queue.document->target].settings.retry;
  const microseconds delay =
      std::min(backoff(retry, queue.failures, mix(settings_.seed, queue.document->hash)), at_most);
  queue.state = Queue::State::backing_off;
  queue.retry_ticket = ++tickets_;
  timetable_.push({now + delay, &queue, queue.retry_ticket});
}

void Conductor::target_down(Target& target, const Error& error, Instant now, Timestamp wall) {
  ++target.failures;
  target.down_until = now + backoff(target.settings.retry, target.failures, mix(settings_.seed, batches_));
  if (!target.retrying_since) target.retrying_since = wall;
  target.retry_reason = error.message;
}

void Conductor::tick(Instant now) {
  detach_remnants(now);
  while (!timetable_.empty() && timetable_.top().at <= now) {
    const Due due = timetable_.top();
    timetable_.pop();
    Queue& queue = *due.queue;
    if (queue.state != Queue::State::backing_off || queue.retry_ticket != due.ticket) continue;
    if (draining_ && queue.waiting) continue;  // left for the next start
    make_ready(queue, now);
  }
}

std::optional<Instant> Conductor::next_deadline(Instant asked) const {
  std::optional<Instant> next;
  const auto consider = [&next, asked](Instant at) {
    if (at > asked) next = next ? std::min(*next, at) : at;
  };
  if (!timetable_.empty()) consider(timetable_.top().at);
  for (const Target& target : targets_) {
    if (target.ready.empty()) continue;
    if (target.down_until) consider(*target.down_until);
    if (target.settings.batch.linger.count() > 0)
      consider(*target.ready_since + target.settings.batch.linger);
  }
  if (letters_after_ && !letters_due_.empty()) consider(*letters_after_);
  return next;
}

}  // namespace sluice::engine
