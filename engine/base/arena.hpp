// Memory for everything that belongs to one chunk: allocation is a bump of a pointer, release is all at once.
// Not thread-safe; an arena is handed on with its chunk, one owner at a time. Nothing in it is destroyed, so
// only trivially destructible types go in.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sluice::engine {

class Arena {
 public:
  [[nodiscard]] void* allocate(std::size_t size, std::size_t alignment) {
    std::size_t start = (used_ + alignment - 1) & ~(alignment - 1);
    if (blocks_.empty() || start + size > blocks_.back().size) {
      add_block(size + alignment);
      start = 0;  // a new block is aligned for everything
    }
    used_ = start + size;
    return blocks_.back().bytes.get() + start;
  }

  template <class T>
  [[nodiscard]] std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) return {};
    T* first = static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
  }

  [[nodiscard]] std::string_view copy(std::string_view text) {
    if (text.empty()) return {"", 0};
    char* to = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  template <class T>
  [[nodiscard]] std::span<T> copy(std::span<const T> from) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (from.empty()) return {};
    T* first = static_cast<T*>(allocate(from.size_bytes(), alignof(T)));
    std::memcpy(static_cast<void*>(first), from.data(), from.size_bytes());
    return {first, from.size()};
  }

  // Bytes held, used or not.
  [[nodiscard]] std::size_t reserved() const noexcept { return reserved_; }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size;
  };

  void add_block(std::size_t at_least) {
    constexpr std::size_t smallest = 1024;
    constexpr std::size_t largest = 256 * 1024;
    std::size_t size = blocks_.empty() ? smallest : blocks_.back().size * 2;
    if (size > largest) size = largest;
    if (size < at_least) size = at_least;
    blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
    reserved_ += size;
    used_ = 0;
  }

  std::vector<Block> blocks_;
  std::size_t used_ = 0;
  std::size_t reserved_ = 0;
};

}  // namespace sluice::engine
