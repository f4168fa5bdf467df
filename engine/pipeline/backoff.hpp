// How long to wait before the next try: doubling from `initial` to the cap `max`, each with jitter between
// half of the delay and all of it, so that what failed together does not come back together.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/hash.hpp"
#include "pipeline/pipeline.hpp"

namespace sluice::engine {

// The delay after `failures` (from 1) tries in a row. `noise` is any number that varies.
[[nodiscard]] inline microseconds backoff(const RetrySettings& retry, unsigned failures,
                                          std::uint64_t noise) noexcept {
  constexpr unsigned enough = 40;  // doublings: beyond every cap, below every overflow
  microseconds delay = retry.initial;
  for (unsigned i = 1; i < std::min(failures, enough) && delay < retry.max; ++i) delay *= 2;
  delay = std::min(delay, retry.max);
  const auto whole = static_cast<std::uint64_t>(delay.count());
  const std::uint64_t half = whole - whole / 2;  // at least one, so that retries never spin
  return microseconds(half + mix(noise, failures) % (whole - half + 1));
}

}  // namespace sluice::engine
