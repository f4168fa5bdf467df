// A queue from many threads to one: the receiver takes all there is at once, so that a lock is paid per
// gathering, not per message. Unbounded: what goes through it is bounded by flow control (flow_control.hpp).
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace sluice::engine {

template <class Message>
class Mailbox {
 public:
  // Any thread.
  void post(Message message) {
    {
      const std::lock_guard lock(mutex_);
      messages_.push_back(std::move(message));
    }
    arrived_.notify_one();
  }

  // The receiver's: everything that has come, waiting for the first at most until `deadline` (of the steady
  // clock; none: for ever). `into` is emptied first.
  void collect(std::vector<Message>& into, std::optional<Instant> deadline) {
    into.clear();
    std::unique_lock lock(mutex_);
    const auto any = [this] { return !messages_.empty(); };
    if (deadline) {
      arrived_.wait_until(lock, *deadline, any);
    } else {
      arrived_.wait(lock, any);
    }
    into.swap(messages_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Message> messages_;
};

// A queue to several threads, each of which takes one at a time. close() ends it: what is left is still
// taken.
template <class Item>
class WorkList {
 public:
  void push(Item item) {
    {
      const std::lock_guard lock(mutex_);
      items_.push_back(std::move(item));
    }
    changed_.notify_one();
  }
  // Nothing once it is closed and empty.
  [[nodiscard]] std::optional<Item> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !items_.empty(); });
    if (items_.empty()) return std::nullopt;
    std::optional<Item> item(std::move(items_.front()));
    items_.pop_front();
    return item;
  }
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;
  bool closed_ = false;
};

}  // namespace sluice::engine
