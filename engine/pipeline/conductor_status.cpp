// What the conductor tells of itself: for snapshots, ten times a second.
#include <algorithm>
#include <map>

#include "documents/document_id.hpp"
#include "pipeline/conductor.hpp"

namespace sluice::engine {
namespace {

constexpr std::size_t waiting_told = 10;

std::uint64_t length(const Queue& queue) {
  std::uint64_t tasks = 0;
  for (const Task* task = queue.head; task != nullptr; task = task->next) ++tasks;
  return tasks;
}

}  // namespace

void Conductor::describe(PipelineStatus& status, Instant now, Timestamp wall) const {
  std::vector<std::uint64_t> waiting(targets_.size());
  std::map<const Assignment*, std::uint64_t> waiting_changes;
  std::vector<const Queue*> waiting_queues;
  queues_.for_each([&](const Queue& queue) {
    if (!queue.waiting) return;
    ++waiting[queue.document->target];
    waiting_changes[queue.assignment] += length(queue);
    waiting_queues.push_back(&queue);
  });
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const Target& target = targets_[i];
    TargetStatus& told = status.targets.emplace_back();
    told.name = target.settings.name;
    told.busy = target.batches_out;
    told.queued = target.queued;
    told.in_flight = target.in_flight;
    told.waiting = waiting[i];
    told.retrying_since = target.retrying_since;
    told.retry_reason = target.retry_reason;
    told.last_reason = target.last_reason;
  }
  for (const auto& [id, assignment] : assignments_) {
    if (assignment->revoked) continue;
    PartitionStatus& told = status.partitions.emplace_back();
    told.id = id;
    told.partition = assignment->name;
    told.next = assignment->ledger.next();
    told.safe = assignment->ledger.safe();
    told.unfinished = assignment->unfinished;
    told.handled = assignment->seen;
    if (const auto found = waiting_changes.find(assignment.get()); found != waiting_changes.end())
      told.waiting = found->second;
  }
  describe_waiting(std::move(waiting_queues), status, now, wall);
  if (breaker_.window() > 0)
    status.breaker = BreakerStatus{breaker_.letters(), breaker_.window(), settings_.breaker.ratio};
  status.dead_letters_retrying = letters_retrying_;
  status.unfinished_events = unfinished_;
  status.batches = batches_;
  status.writes = writes_;
  status.retries = retries_;
  if (status.reason.empty() && letters_retrying_) status.reason = letters_retrying_->reason;
}

void Conductor::describe_waiting(std::vector<const Queue*> waiting, PipelineStatus& status, Instant now,
                                 Timestamp wall) const {
  const auto told = waiting.begin() + static_cast<std::ptrdiff_t>(std::min(waiting.size(), waiting_told));
  std::partial_sort(waiting.begin(), told, waiting.end(), [](const Queue* one, const Queue* other) {
    return *one->waiting_since < *other->waiting_since;
  });
  waiting.erase(told, waiting.end());
  for (const Queue* queue : waiting) {
    const Task& head = *queue->head;
    Unapplied name = name_of(head);
    status.waiting.push_back({targets_[queue->document->target].settings.name, std::move(name.collection),
                              std::move(name.document), std::string(head.event->handled->event.id),
                              queue->assignment->name, head.event->handled->record->position,
                              wall - std::chrono::duration_cast<microseconds>(now - *queue->waiting_since)});
  }
}

std::string Conductor::first_change(const Batch& batch) const {
  const Task& task = *batch.groups.front().first;
  const HandledEvent& handled = *task.event->handled;
  const Unapplied name = name_of(task);
  std::string text = name.collection.empty() ? "" : name.collection + ' ' + name.document + ", ";
  text += "event " + std::string(handled.event.id) + " (" + std::string(handled.event.type) + ")";
  if (batch.size() > 1) text += " and " + std::to_string(batch.size() - 1) + " more";
  return text;
}

}  // namespace sluice::engine
