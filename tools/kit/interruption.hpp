// Ctrl-C and SIGTERM as a question, so that a load that is broken off still says what was sent.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

namespace sluice::kit {

// Made before any other thread, which takes over that the signals are blocked. The first signal is only
// noted; the second ends the program, whatever it is waiting for, and so do ten seconds. One for a program;
// asked by any thread.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  [[nodiscard]] bool asked() const noexcept { return asked_; }
  // Until then, or until a signal comes.
  void pause_until(std::chrono::steady_clock::time_point then);

 private:
  void listen(const std::stop_token& ended);

  sigset_t watched_{};
  sigset_t before_{};
  std::atomic<bool> asked_ = false;
  std::mutex mutex_;
  std::condition_variable came_;
  std::jthread listener_;
};

}  // namespace sluice::kit
