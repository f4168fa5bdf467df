// Sixteen bytes looked at together. A mask has a bit for each of them, the lowest for the first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sluice::engine {

class Block {
 public:
  static constexpr std::size_t size = 16;

#if defined(__SSE2__)
  explicit Block(const void* bytes) noexcept : bytes_(_mm_loadu_si128(static_cast<const __m128i*>(bytes))) {}
  [[nodiscard]] std::uint32_t where(char wanted) const noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(wanted))));
  }
  [[nodiscard]] std::uint32_t where_as(const Block& other) const noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes_, other.bytes_)));
  }
  // Those below the space.
  [[nodiscard]] std::uint32_t controls() const noexcept {
    const __m128i last = _mm_set1_epi8(' ' - 1);
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(bytes_, last), last)));
  }
  [[nodiscard]] std::uint32_t digits() const noexcept {
    const __m128i from_zero = _mm_sub_epi8(bytes_, _mm_set1_epi8('0'));
    return static_cast<std::uint32_t>(
        _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(from_zero, _mm_set1_epi8(9)), from_zero)));
  }
  [[nodiscard]] std::uint32_t not_ascii() const noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes_));
  }

 private:
  __m128i bytes_;
#else
  explicit Block(const void* bytes) noexcept { std::memcpy(bytes_, bytes, size); }
  [[nodiscard]] std::uint32_t where(char wanted) const noexcept {
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < size; ++i) mask |= std::uint32_t{bytes_[i] == wanted} << i;
    return mask;
  }
  [[nodiscard]] std::uint32_t where_as(const Block& other) const noexcept {
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < size; ++i) mask |= std::uint32_t{bytes_[i] == other.bytes_[i]} << i;
    return mask;
  }
  [[nodiscard]] std::uint32_t controls() const noexcept {
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < size; ++i)
      mask |= std::uint32_t{static_cast<unsigned char>(bytes_[i]) < ' '} << i;
    return mask;
  }
  [[nodiscard]] std::uint32_t digits() const noexcept {
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < size; ++i) mask |= std::uint32_t{bytes_[i] >= '0' && bytes_[i] <= '9'} << i;
    return mask;
  }
  [[nodiscard]] std::uint32_t not_ascii() const noexcept {
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < size; ++i) mask |= std::uint32_t{(bytes_[i] & 0x80) != 0} << i;
    return mask;
  }

 private:
  char bytes_[size];
#endif
};

}  // namespace sluice::engine
