// SIGINT, SIGTERM and SIGHUP, taken by asking instead of by a handler: nothing runs in a signal's context.
#pragma once

#include <csignal>
#include <optional>

#include "base/time.hpp"

namespace sluice::engine {

// Made on the main thread before any other thread is started, so that all threads leave the signals to it.
// While it lives, they do nothing but wait for next(). SIGPIPE is ignored: a sink's peer may go away. So is
// SIGHUP where whoever started the process wants that, as nohup does.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // The number of a signal that came, or nothing after the timeout.
  [[nodiscard]] std::optional<int> next(milliseconds timeout) const;

  // SIGHUP tells a service to reload. To a program in a terminal it says that the terminal is gone.
  [[nodiscard]] bool hangup_reloads() const noexcept { return !in_terminal_; }

 private:
  sigset_t watched_{};
  sigset_t before_{};
  bool in_terminal_;
};

}  // namespace sluice::engine
