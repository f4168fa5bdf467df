// The order of changes under one watermark key: the generation of the pipeline above, the position below.
#pragma once

#include <cassert>
#include <compare>
#include <cstdint>

#include "core/record.hpp"

namespace sluice::engine {

class Sequence {
 public:
  static constexpr int position_bits = 56;
  static constexpr std::int64_t max_position = (std::int64_t{1} << position_bits) - 1;
  static constexpr int max_generation = 127;  // the sequence stays a positive int64

  Sequence() = default;
  explicit constexpr Sequence(std::int64_t value) noexcept : value_(value) {}
  // Preconditions: generation 0 to 127, position 0 to max_position.
  static constexpr Sequence of(int generation, Position position) noexcept {
    assert(generation >= 0 && generation <= max_generation);
    assert(position.value >= 0 && position.value <= max_position);
    return Sequence((static_cast<std::int64_t>(generation) << position_bits) | position.value);
  }

  [[nodiscard]] constexpr std::int64_t value() const noexcept { return value_; }
  [[nodiscard]] constexpr Position position() const noexcept { return {value_ & max_position}; }
  [[nodiscard]] constexpr int generation() const noexcept {
    return static_cast<int>(value_ >> position_bits);
  }
  auto operator<=>(const Sequence&) const = default;

 private:
  std::int64_t value_ = -1;  // before every sequence
};

}  // namespace sluice::engine
