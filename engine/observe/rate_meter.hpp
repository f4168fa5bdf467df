// Events per second: now, on average, at the highest. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace sluice::engine {

struct Rates {
  double now = 0;      // over the last whole second
  double average = 0;  // from the start of the first event's processing to the end of the last one's
  double peak = 0;     // the best second; the average while there has been less than one
};

class RateMeter {
 public:
  // Of events settled at `now`, the earliest of which started and the latest of which ended at these times.
  void add(Instant now, std::uint64_t events, Timestamp started, Timestamp settled);
  [[nodiscard]] Rates at(Instant now) const;

 private:
  static constexpr std::int64_t slots_per_second = 10;

  [[nodiscard]] static std::int64_t slot_of(Instant time) noexcept;
  void advance(std::int64_t slot);
  // Of the second before the slot.
  [[nodiscard]] std::uint64_t second_before(std::int64_t slot) const noexcept;

  // The slot at hand and those of the second before it, each at its number modulo the size.
  std::array<std::uint64_t, slots_per_second + 1> slots_{};
  std::int64_t newest_ = 0;  // the number of the slot at hand
  std::uint64_t total_ = 0;
  std::uint64_t peak_ = 0;
  std::optional<Timestamp> first_started_;
  Timestamp last_settled_{};
};

}  // namespace sluice::engine
