#include "memory/dead_letters.hpp"

#include <algorithm>
#include <unordered_map>

namespace sluice::engine::memory {

Result<void> MemoryDeadLetters::write(std::span<const DeadLetter> letters) {
  const std::lock_guard lock(mutex_);
  const bool fails = failing_ > 0;
  if (fails) --failing_;
  if (!fails || fail_after_keeping_) letters_.insert(letters_.end(), letters.begin(), letters.end());
  if (fails) return Error{Code::dead_letters_unavailable, "the dead letters in memory were told to fail"};
  return {};
}

Result<void> MemoryDeadLetters::read(const std::function<bool(const DeadLetter&)>& each) {
  const std::vector<DeadLetter> letters = written();
  std::unordered_map<std::string, DeadLetter> last;
  for (const DeadLetter& letter : letters) {
    const auto [known, added] = last.try_emplace(letter.id(), letter);
    if (added) continue;
    DeadLetter again = letter;
    add_unapplied(again.unapplied, known->second.unapplied);
    again.failed_at = std::max(again.failed_at, known->second.failed_at);
    known->second = std::move(again);
  }
  for (const DeadLetter& letter : letters) {
    const auto found = last.find(letter.id());
    if (found == last.end()) continue;
    if (!each(found->second)) break;
    last.erase(found);
  }
  return {};
}

std::vector<DeadLetter> MemoryDeadLetters::written() const {
  const std::lock_guard lock(mutex_);
  return letters_;
}

void MemoryDeadLetters::fail_writes(int times, bool after_keeping) {
  const std::lock_guard lock(mutex_);
  failing_ = times;
  fail_after_keeping_ = after_keeping;
}

}  // namespace sluice::engine::memory
