// Blocks of memory that chunks hold and give back: memory that has been used is warm and mapped, new memory
// costs a page fault for every four kilobytes.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace sluice::engine::file {

struct Block {
  std::unique_ptr<char[]> bytes;
  std::size_t capacity = 0;  // without the padding behind it
};

// Thread-safe: chunks end on any thread.
class Blocks {
 public:
  static constexpr std::size_t usual = std::size_t{256} * 1024;
  static constexpr std::size_t padding = 64;  // what simdjson may read beyond the end

  // At least this much; larger ones than usual are not kept for the next time.
  [[nodiscard]] Block take(std::size_t at_least);
  void give_back(Block block);

 private:
  static constexpr std::size_t most_kept = 8;
  std::mutex mutex_;
  std::vector<Block> kept_;
};

}  // namespace sluice::engine::file
