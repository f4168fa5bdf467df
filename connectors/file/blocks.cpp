#include "file/blocks.hpp"

#include <algorithm>
#include <utility>

namespace sluice::engine::file {

Block Blocks::take(std::size_t at_least) {
  const std::size_t capacity = std::max(at_least, usual);
  if (capacity == usual) {
    const std::lock_guard lock(mutex_);
    if (!kept_.empty()) {
      Block block = std::move(kept_.back());
      kept_.pop_back();
      return block;
    }
  }
  return {std::make_unique_for_overwrite<char[]>(capacity + padding), capacity};
}

void Blocks::give_back(Block block) {
  if (block.capacity != usual) return;
  const std::lock_guard lock(mutex_);
  if (kept_.size() < most_kept) kept_.push_back(std::move(block));
}

}  // namespace sluice::engine::file
