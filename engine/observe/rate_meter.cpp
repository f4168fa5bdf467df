#include "observe/rate_meter.hpp"

#include <algorithm>

namespace sluice::engine {

std::int64_t RateMeter::slot_of(Instant time) noexcept {
  constexpr std::chrono::nanoseconds width =
      std::chrono::nanoseconds(std::chrono::seconds(1)) / slots_per_second;
  return time.time_since_epoch() / width;
}

std::uint64_t RateMeter::second_before(std::int64_t slot) const noexcept {
  std::uint64_t sum = 0;
  for (std::int64_t at = slot - slots_per_second; at < slot; ++at) {
    const bool held = at >= 0 && at <= newest_ && at > newest_ - std::ssize(slots_);
    if (held) sum += slots_[static_cast<std::size_t>(at % std::ssize(slots_))];
  }
  return sum;
}

void RateMeter::advance(std::int64_t slot) {
  const std::int64_t all_empty = newest_ + std::ssize(slots_);
  while (newest_ < std::min(slot, all_empty)) {
    ++newest_;
    slots_[static_cast<std::size_t>(newest_ % std::ssize(slots_))] = 0;
    peak_ = std::max(peak_, second_before(newest_));
  }
  newest_ = std::max(newest_, slot);
}

void RateMeter::add(Instant now, std::uint64_t events, Timestamp started, Timestamp settled) {
  advance(slot_of(now));
  slots_[static_cast<std::size_t>(newest_ % std::ssize(slots_))] += events;
  total_ += events;
  if (!first_started_ || started < *first_started_) first_started_ = started;
  last_settled_ = std::max(last_settled_, settled);
}

Rates RateMeter::at(Instant now) const {
  if (!first_started_) return {};
  const std::int64_t slot = std::max(slot_of(now), newest_);
  const auto lasted = std::max<microseconds>(last_settled_ - *first_started_, milliseconds(1));
  Rates rates;
  rates.now = static_cast<double>(second_before(slot));
  rates.average = static_cast<double>(total_) / std::chrono::duration<double>(lasted).count();
  // A second that is over may not have been looked at yet.
  std::uint64_t peak = peak_;
  for (std::int64_t at = newest_ + 1; at <= std::min(slot, newest_ + slots_per_second); ++at)
    peak = std::max(peak, second_before(at));
  rates.peak = static_cast<double>(peak);
  if (lasted < std::chrono::seconds(1)) rates.peak = std::max(rates.peak, rates.average);
  return rates;
}

}  // namespace sluice::engine
