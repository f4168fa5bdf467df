// Sixty-four bytes looked at together, for machines with AVX-512: servers of Intel since 2019, of AMD since
// 2022. A function that uses it is compiled for such a machine alone: SLUICE_WIDE stands before it, and it is
// called only where has_wide_blocks. Whatever is done so is done for other machines with Block (block.hpp).
// A mask has a bit for each byte, the lowest for the first.
#pragma once

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#define SLUICE_WIDE [[gnu::target("avx512f,avx512bw,avx512vbmi2")]]

namespace sluice::engine {

inline const bool has_wide_blocks =
    __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vbmi2") != 0;

class WideBlock {
 public:
  static constexpr std::size_t size = 64;

  SLUICE_WIDE explicit WideBlock(const char* bytes) noexcept : bytes_(_mm512_loadu_si512(bytes)) {}
  // Of fewer bytes, 1 to 64: none behind them is read.
  SLUICE_WIDE WideBlock(const char* bytes, std::size_t count) noexcept
      : bytes_(_mm512_maskz_loadu_epi8(first(count), bytes)) {}

  // The mask of that many bytes, 1 to 64.
  [[nodiscard]] static std::uint64_t first(std::size_t count) noexcept {
    return ~std::uint64_t{0} >> (size - count);
  }
  [[nodiscard]] SLUICE_WIDE std::uint64_t where(char wanted) const noexcept {
    return _mm512_cmpeq_epi8_mask(bytes_, _mm512_set1_epi8(wanted));
  }
  // Those below the space.
  [[nodiscard]] SLUICE_WIDE std::uint64_t controls() const noexcept {
    return _mm512_cmplt_epu8_mask(bytes_, _mm512_set1_epi8(' '));
  }
  [[nodiscard]] SLUICE_WIDE std::uint64_t not_ascii() const noexcept { return _mm512_movepi8_mask(bytes_); }
  // Writes the bytes of the mask, one behind the other, and rubbish up to sixty-four.
  SLUICE_WIDE void write(std::uint64_t kept, char* to) const noexcept {
    _mm512_storeu_si512(to, _mm512_maskz_compress_epi8(kept, bytes_));
  }

 private:
  __m512i bytes_;
};

}  // namespace sluice::engine

#endif
