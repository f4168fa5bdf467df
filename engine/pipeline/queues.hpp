// The queues of the conductor: for each document (or sink key) and source partition, the tasks that must be
// done in order. Nodes are pooled and linked by pointers, so that a task costs no allocation on its way.
//
// Pure and single-threaded.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "letters/letter_book.hpp"
#include "pipeline/breaker.hpp"
#include "pipeline/handled_chunk.hpp"
#include "pipeline/ledger.hpp"

namespace sluice::engine {

struct Task;
struct Queue;
struct Assignment;
struct OpenChunk;

// What an unfinished event still borrows or, once it stays longer than its chunk, owns.
struct DetachedEvent {
  Arena arena;
  HandledEvent handled;
  Record record;
  Timestamp polled{};
};

// An event from the opening of its chunk to its end. Pooled, as are tasks: one that lags behind its chunk
// keeps nothing but itself.
struct OpenEvent {
  OpenChunk* chunk = nullptr;  // which it borrows from; meaningless once detached
  Assignment* assignment = nullptr;
  const HandledEvent* handled = nullptr;  // in the chunk, or in `detached`
  std::unique_ptr<DetachedEvent> detached;
  std::unique_ptr<DeadLetter> letter;  // once one of its changes has failed
  Ledger::Slot slot{};
  Task* tasks = nullptr;  // the first; they are linked by `of_event`
  std::uint32_t unsettled = 0;
  std::uint32_t in_flight = 0;
  bool dropped = false;     // some of its work went with a revoked partition: it must not count as settled
  bool letter_out = false;  // its letter is being written
};

struct Task {
  OpenEvent* event = nullptr;
  const Work* work = nullptr;
  Queue* queue = nullptr;
  Task* next = nullptr;                   // in the queue
  Task* of_event = nullptr;               // the event's next
  const LetterRecord* decided = nullptr;  // it is in a letter already: not tried
  bool alone = false;                     // has been in a group that failed: goes by itself now
  bool holds = false;  // the event has failed before it in this queue: held once it is done
  bool held = false;   // stays at the head of its queue until the letter is durable
};

// A chunk from which unfinished events borrow.
struct OpenChunk {
  std::unique_ptr<HandledChunk> handled;
  std::vector<OpenEvent*> events;  // as they were opened: some have ended, and may be others' by now
  std::size_t borrowers = 0;
  Instant opened{};
};

// A partition while it is ours.
struct Assignment {
  Assignment(PartitionId the_id, TopicPartition the_name, const Progress& start,
             LetterBook the_letters = LetterBook())
      : id(the_id),
        name(std::move(the_name)),
        ledger(start.next, start.origins),
        origins(start.origins),
        letters(std::move(the_letters)) {}

  PartitionId id;
  TopicPartition name;
  Ledger ledger;
  Origins origins;     // the newest of what has come
  LetterBook letters;  // what is in a letter already
  // Refused events whose letters are not durable, and the events behind them, which wait for those letters.
  std::deque<OpenEvent*> refused;
  std::deque<OpenEvent*> behind_refused;
  OpenEvent* stopping = nullptr;  // at which the pipeline stops, once all before it is settled
  BreakerLine line;
  std::vector<std::string> watermark_keys;  // by handler
  Position reported{-1};                    // the safe position last given out
  std::uint64_t seen = 0;                   // records that have come
  std::uint64_t unfinished = 0;
  std::uint64_t in_flight = 0;  // changes in batches
  bool revoked = false;
  bool forgotten = false;  // goes with its last event
};

struct Document {
  std::uint64_t hash = 0;
  std::uint16_t target = 0;
  bool in_flight = false;  // one of its queues is in a batch
  Queue* queues = nullptr;
};

struct Queue {
  enum class State : std::uint8_t {
    ready,        // in its target's list
    parked,       // ready, but another queue of the document is in flight
    in_flight,    // its head is in a batch
    backing_off,  // waits for `due`
    held,         // its head waits for its event's letter
  };
  Document* document = nullptr;
  Assignment* assignment = nullptr;
  Queue* sibling = nullptr;  // the next queue of the document
  Task* head = nullptr;
  Task* tail = nullptr;
  State state = State::ready;
  bool waiting = false;  // the last outcome was `waiting`
  unsigned failures = 0;
  std::optional<Instant> waiting_since;
  std::uint64_t retry_ticket = 0;  // which entry of the timetable counts
};

// Queues whose head may go. Those that have gone before come first: they hold older events than the new ones,
// and an event that lags behind keeps its whole chunk in memory.
class ReadyList {
 public:
  enum class Place : std::uint8_t { before_new, last };

  void push(Queue& queue, Place place) { (place == Place::last ? new_ : old_).push_back(&queue); }
  // Precondition: not empty.
  [[nodiscard]] Queue& pop() {
    auto& from = old_.empty() ? new_ : old_;
    Queue& queue = *from.front();
    from.pop_front();
    return queue;
  }
  template <class Which>
  void erase_if(const Which& which) {
    std::erase_if(old_, which);
    std::erase_if(new_, which);
  }
  [[nodiscard]] bool empty() const noexcept { return old_.empty() && new_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return old_.size() + new_.size(); }

 private:
  std::deque<Queue*> old_;
  std::deque<Queue*> new_;
};

// Nodes that are used again and again, and stay where they are.
template <class T>
class Pool {
 public:
  [[nodiscard]] T* take() {
    if (free_.empty()) return &all_.emplace_back();
    T* one = free_.back();
    free_.pop_back();
    return one;
  }
  // Reset at once: what still names it must not find what it was.
  void give_back(T* one) {
    *one = T{};
    free_.push_back(one);
  }

 private:
  std::deque<T> all_;
  std::vector<T*> free_;
};

// Finds queues; makes and forgets them with their tasks.
class QueueTable {
 public:
  QueueTable();

  // Appends the task to the queue of its document and assignment. True if the queue is new: it has to be made
  // ready by the caller.
  bool append(Task& task, Assignment& assignment);

  // Takes the head off. True if that was the last: the queue is gone.
  bool pop(Queue& queue);

  // Forgets a queue with all its tasks.
  void forget(Queue& queue);

  [[nodiscard]] std::size_t queues() const noexcept { return queue_count_; }

  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Cell& cell : cells_) {
      if (cell.document == nullptr) continue;
      for (Queue* queue = cell.document->queues; queue != nullptr; queue = queue->sibling) visit(*queue);
    }
  }

 private:
  struct Cell {
    std::uint64_t hash = 0;
    Document* document = nullptr;
  };

  [[nodiscard]] Document* find(const Work& work, std::uint64_t hash) const noexcept;
  void insert(Document* document);
  void erase(const Document* document);
  void grow();

  std::vector<Cell> cells_;  // open addressing, a power of two
  std::size_t document_count_ = 0;
  std::size_t queue_count_ = 0;
  Pool<Document> documents_;
  Pool<Queue> queue_pool_;
};

}  // namespace sluice::engine
