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

// Version 4, of any 128 bits.
inline Uuid uuid_of(std::uint64_t high, std::uint64_t low) noexcept {
  return {(high & ~std::uint64_t{0xf000}) | 0x4000U,
          (low & ~(std::uint64_t{3} << 62U)) | (std::uint64_t{2} << 62U)};
}

inline Uuid random_uuid(Random& random) noexcept {
  const std::uint64_t high = random.next();
  return uuid_of(high, random.next());
}

// Version 7: in the order of their milliseconds since 1970, as a table with an index on them likes it.
inline Uuid ordered_uuid(Random& random, std::uint64_t milliseconds) noexcept {
  const Uuid uuid = random_uuid(random);
  return {milliseconds << 16U | 0x7000U | (uuid.high & 0xfffU), uuid.low};
}

// The UUIDs of things that are numbered from 0: known by the number, so that nobody has to remember them.
class UuidFamily {
 public:
  UuidFamily(std::uint64_t seed, std::uint64_t family) noexcept : first_(scramble(scramble(seed) + family)) {}

  [[nodiscard]] Uuid at(std::uint64_t number) const noexcept {
    return uuid_of(scramble(first_ + 2 * number), scramble(first_ + 2 * number + 1));
  }

 private:
  std::uint64_t first_;
};

inline void append_uuid(std::string& out, const Uuid& uuid) {
  constexpr std::string_view digits = "0123456789abcdef";
  char text[36];
  std::size_t at = 0;
  for (unsigned nibble = 32; nibble-- > 0;) {
    if (at == 8 || at == 13 || at == 18 || at == 23) text[at++] = '-';
    const std::uint64_t half = nibble >= 16 ? uuid.high : uuid.low;
    text[at++] = digits[(half >> (nibble % 16 * 4)) & 15U];
  }
  out.append(text, sizeof text);
}

inline std::string to_text(const Uuid& uuid) {
  std::string text;
  append_uuid(text, uuid);
  return text;
}

}  // namespace sluice::kit
