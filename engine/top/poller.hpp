// Asks a source again and again on a thread of its own, so that keys are heard while an engine is slow.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/time.hpp"
#include "top/source.hpp"

namespace sluice::engine::top {

class Poller {
 public:
  // The source outlives it and is used by nobody else meanwhile. The first question is asked at once.
  Poller(StatusSource& source, milliseconds interval);
  // Waits for the answer that is under way.
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // A file that can be read while there is an answer to take.
  [[nodiscard]] int ready() const noexcept { return ready_; }
  // The newest answer that has not been taken.
  [[nodiscard]] std::optional<Answer> take();

 private:
  void run(const std::stop_token& stop);
  void hand_over(Answer answer);

  StatusSource& source_;
  const milliseconds interval_;
  const int ready_;
  std::mutex mutex_;  // guards answer_
  std::optional<Answer> answer_;
  std::condition_variable_any stopping_;
  std::jthread thread_;
};

}  // namespace sluice::engine::top
