// UUIDs of a seeded world.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "kit/random.hpp"

namespace sluice::kit {

struct Uuid {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool operator==(const Uuid&) const = default;
};

// Version 4.
inline Uuid random_uuid(Random& random) noexcept {
  return {(random.next() & ~std::uint64_t{0xf000}) | 0x4000U,
          (random.next() & ~(std::uint64_t{3} << 62U)) | (std::uint64_t{2} << 62U)};
}

// Version 7: in the order of their milliseconds since 1970, as a table with an index on them likes it.
inline Uuid ordered_uuid(Random& random, std::uint64_t milliseconds) noexcept {
  const Uuid uuid = random_uuid(random);
  return {milliseconds << 16U | 0x7000U | (uuid.high & 0xfffU), uuid.low};
}

inline std::string to_text(const Uuid& uuid) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(36, '-');
  std::size_t at = 0;
  for (int nibble = 31; nibble >= 0; --nibble) {
    if (at == 8 || at == 13 || at == 18 || at == 23) ++at;
    const std::uint64_t half = nibble >= 16 ? uuid.high : uuid.low;
    text[at++] = digits[(half >> (static_cast<unsigned>(nibble % 16) * 4)) & 15U];
  }
  return text;
}

}  // namespace sluice::kit
