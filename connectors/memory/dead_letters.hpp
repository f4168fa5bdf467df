// Dead letters in memory.
#pragma once

#include <map>
#include <mutex>

#include "core/dead_letters.hpp"

namespace sluice::engine::memory {

// Any thread, so that a test may look while a pipeline runs.
class MemoryDeadLetters final : public DeadLetters {
 public:
  Result<void> open() override { return {}; }
  Result<void> write(std::span<const DeadLetter> letters) override;
  Result<void> read(const std::function<bool(const DeadLetter&)>& each) override;

  // Everything as it was written, doubles included.
  [[nodiscard]] std::vector<DeadLetter> written() const;
  // The next calls of write() fail as unavailable, after the letters were kept or before.
  void fail_writes(int times, bool after_keeping = false);

 private:
  mutable std::mutex mutex_;
  std::vector<DeadLetter> letters_;
  int failing_ = 0;
  bool fail_after_keeping_ = false;
};

}  // namespace sluice::engine::memory
