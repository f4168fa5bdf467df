// One hash that is the same on every machine and in every version: shares of a partition, watermark keys and
// record checksums depend on it. Not for hostile input where collisions would matter beyond speed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sluice::engine {

[[nodiscard]] inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a ^ 0x9e3779b97f4a7c15U) * (b ^ 0xd1b54a32d192ed03U);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

// Eight bytes at a time, each folded in by a full multiplication; the length goes in last.
[[nodiscard]] inline std::uint64_t stable_hash(const void* bytes, std::size_t size,
                                               std::uint64_t seed = 0) noexcept {
  const auto* at = static_cast<const unsigned char*>(bytes);
  std::uint64_t hash = seed ^ 0x2545f4914f6cdd1dU;
  std::size_t left = size;
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    hash = mix(hash, word);
  }
  std::uint64_t tail = 0;
  if (left > 0 && size >= 8) {  // the last eight bytes, less those that were folded in
    std::memcpy(&tail, at + left - 8, 8);
    tail >>= 64 - left * 8;
  } else {
    for (std::size_t i = 0; i < left; ++i) tail |= std::uint64_t{at[i]} << (i * 8);
  }
  return mix(mix(hash, tail), size);
}

[[nodiscard]] inline std::uint64_t stable_hash(std::string_view text, std::uint64_t seed = 0) noexcept {
  return stable_hash(text.data(), text.size(), seed);
}

}  // namespace sluice::engine
