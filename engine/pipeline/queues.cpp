#include "pipeline/queues.hpp"

namespace sluice::engine {
namespace {

std::uint64_t table_hash(const Work& work) noexcept { return mix(work.change.document.hash, work.target); }

}  // namespace

QueueTable::QueueTable() : cells_(1024) {}

// A document is known by the head of any of its queues: a queue is never empty.
Document* QueueTable::find(const Work& work, std::uint64_t hash) const noexcept {
  const std::size_t mask = cells_.size() - 1;
  for (std::size_t i = hash & mask; cells_[i].document != nullptr; i = (i + 1) & mask) {
    if (cells_[i].hash != hash) continue;
    Document* document = cells_[i].document;
    const Work& head = *document->queues->head->work;
    if (document->target == work.target && head.change.document == work.change.document) return document;
  }
  return nullptr;
}

void QueueTable::insert(Document* document) {
  const std::size_t mask = cells_.size() - 1;
  std::size_t i = document->hash & mask;
  while (cells_[i].document != nullptr) i = (i + 1) & mask;
  cells_[i] = {document->hash, document};
}

// Closes the gap by moving back what the probing of others had pushed beyond it.
void QueueTable::erase(const Document* document) {
  const std::size_t mask = cells_.size() - 1;
  std::size_t gap = document->hash & mask;
  while (cells_[gap].document != document) gap = (gap + 1) & mask;
  for (std::size_t i = (gap + 1) & mask; cells_[i].document != nullptr; i = (i + 1) & mask) {
    const std::size_t home = cells_[i].hash & mask;
    if (((i - home) & mask) < ((i - gap) & mask)) continue;  // it would stand before its home
    cells_[gap] = cells_[i];
    gap = i;
  }
  cells_[gap] = {};
}

void QueueTable::grow() {
  std::vector<Cell> old(cells_.size() * 2);
  old.swap(cells_);
  for (const Cell& cell : old)
    if (cell.document != nullptr) insert(cell.document);
}

bool QueueTable::append(Task& task, Assignment& assignment) {
  const std::uint64_t hash = table_hash(*task.work);
  Document* document = find(*task.work, hash);
  if (document == nullptr) {
    if ((document_count_ + 1) * 2 > cells_.size()) grow();
    document = documents_.take();
    document->hash = hash;
    document->target = task.work->target;
    insert(document);
    ++document_count_;
  }
  for (Queue* queue = document->queues; queue != nullptr; queue = queue->sibling) {
    if (queue->assignment != &assignment) continue;
    queue->tail->next = &task;
    queue->tail = &task;
    task.queue = queue;
    return false;
  }
  Queue* queue = queue_pool_.take();
  ++queue_count_;
  queue->document = document;
  queue->assignment = &assignment;
  queue->sibling = document->queues;
  queue->head = queue->tail = &task;
  document->queues = queue;
  task.queue = queue;
  return true;
}

bool QueueTable::pop(Queue& queue) {
  if (queue.head != queue.tail) {
    queue.head = queue.head->next;
    return false;
  }
  forget(queue);
  return true;
}

void QueueTable::forget(Queue& queue) {
  Document* document = queue.document;
  // The table knows the document by a head: out of the table before its last queue goes.
  Queue** link = &document->queues;
  while (*link != &queue) link = &(*link)->sibling;
  *link = queue.sibling;
  queue_pool_.give_back(&queue);
  --queue_count_;
  if (document->queues != nullptr) return;
  erase(document);
  documents_.give_back(document);
  --document_count_;
}

}  // namespace sluice::engine
