// A pseudo-random generator of our own, so that one seed makes the same world on every machine and library.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace sluice::kit {

// One step of SplitMix64: numbers that follow each other become numbers that have nothing in common.
[[nodiscard]] inline std::uint64_t scramble(std::uint64_t number) noexcept {
  number += 0x9e3779b97f4a7c15U;
  number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
  return number ^ (number >> 31U);
}

// xoshiro256**, its state filled by SplitMix64 (Blackman and Vigna). Not for secrets.
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept {
    for (std::uint64_t& word : state_) {
      word = scramble(seed);
      seed += 0x9e3779b97f4a7c15U;
    }
  }

  std::uint64_t next() noexcept {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // From 0 to bound - 1; bound is between 1 and 2^32. The bias is below bound / 2^32, which no one sees here.
  std::uint64_t below(std::uint64_t bound) noexcept { return ((next() >> 32U) * bound) >> 32U; }

  std::int64_t between(std::int64_t first, std::int64_t last) noexcept {
    return first + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(last - first + 1)));
  }

  // From 0 to bound - 1, the small ones more often: half of all results lie in the first quarter.
  std::uint64_t skewed_below(std::uint64_t bound) noexcept {
    const std::uint64_t part = below(std::uint64_t{1} << 16U);
    return (((part * part) >> 16U) * bound) >> 16U;
  }

  bool chance(unsigned percent) noexcept { return below(100) < percent; }

  template <typename Range>
  decltype(auto) pick(const Range& range) noexcept {
    return range[static_cast<std::size_t>(below(range.size()))];
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace sluice::kit
