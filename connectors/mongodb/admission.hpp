// Whether servers that do not let us in may do so later.
//
// libmongoc says the same of a wrong password and of a connection that broke while it signed in, and a server
// that has just started may not know its users yet. So once they have let us in, a refusal is one only when
// it lasts. Any thread.
#pragma once

#include <atomic>
#include <chrono>

namespace sluice::engine::mongodb {

class Admission {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds bound{60};

  void granted() noexcept {
    let_in_.store(true, std::memory_order_relaxed);
    refused_since_.store(Instant{}, std::memory_order_relaxed);
  }
  // Of a refusal at this time.
  [[nodiscard]] bool may_pass(Instant now) noexcept {
    if (!let_in_.load(std::memory_order_relaxed)) return false;
    Instant since{};
    if (refused_since_.compare_exchange_strong(since, now, std::memory_order_relaxed)) return true;
    return now - since < bound;
  }

 private:
  std::atomic<bool> let_in_ = false;
  std::atomic<Instant> refused_since_{};  // none: the clock's beginning
};

}  // namespace sluice::engine::mongodb
