#include "app/signals.hpp"

#include <pthread.h>

#include <ctime>

namespace sluice::engine {

Signals::Signals() {
  sigemptyset(&watched_);
  sigaddset(&watched_, SIGINT);
  sigaddset(&watched_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &watched_, &before_);
  std::signal(SIGPIPE, SIG_IGN);
}

Signals::~Signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

std::optional<int> Signals::next(milliseconds timeout) const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
  timespec wait{};
  wait.tv_sec = seconds.count();
  wait.tv_nsec = std::chrono::nanoseconds(timeout - seconds).count();
  const int signal = sigtimedwait(&watched_, nullptr, &wait);
  if (signal < 0) return std::nullopt;
  return signal;
}

}  // namespace sluice::engine
