#include "kit/interruption.hpp"

#include <pthread.h>

#include <cstdlib>
#include <ctime>
#include <iostream>

namespace sluice::kit {

Interruption::Interruption() {
  sigemptyset(&watched_);
  sigaddset(&watched_, SIGINT);
  sigaddset(&watched_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &watched_, &before_);
  listener_ = std::jthread([this](const std::stop_token& ended) { listen(ended); });
}

Interruption::~Interruption() {
  listener_.request_stop();
  listener_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Interruption::pause_until(std::chrono::steady_clock::time_point then) {
  std::unique_lock lock(mutex_);
  came_.wait_until(lock, then, [this] { return asked(); });
}

void Interruption::listen(const std::stop_token& ended) {
  using std::chrono::steady_clock;
  constexpr int of_interrupted_programs = 130;
  constexpr std::chrono::seconds time_to_finish{10};
  constexpr timespec look_around{.tv_sec = 0, .tv_nsec = 50'000'000};
  steady_clock::time_point bound = steady_clock::time_point::max();
  while (!ended.stop_requested()) {
    if (steady_clock::now() >= bound) {
      std::cerr << "sluice-kit: it does not end within 10 s; how much is there is not known\n";
      std::_Exit(of_interrupted_programs);
    }
    if (sigtimedwait(&watched_, nullptr, &look_around) < 0) continue;
    if (asked_) std::_Exit(of_interrupted_programs);
    std::cerr << "sluice-kit: interrupted; what was begun is being finished (once more ends at once)\n";
    bound = steady_clock::now() + time_to_finish;
    const std::lock_guard lock(mutex_);
    asked_ = true;
    came_.notify_all();
  }
}

}  // namespace sluice::kit
