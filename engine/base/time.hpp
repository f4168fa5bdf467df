// Times. Two clocks that must not be mixed: Timestamp is the calendar's (what records and documents carry),
// Instant is steady (what retries and deadlines count with).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::engine {

using std::chrono::microseconds;
using std::chrono::milliseconds;

using Timestamp = std::chrono::sys_time<microseconds>;
// The last millisecond since 1970 that a Timestamp can be. What claims to be later counts in another unit.
inline constexpr std::int64_t latest_ms =
    std::chrono::floor<milliseconds>(Timestamp::max()).time_since_epoch().count();
using Instant = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

// Where time comes from; tests put their own in its place. Safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
  [[nodiscard]] virtual Timestamp wall() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] Timestamp wall() const override {
    return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
  }
};

// RFC 3339 / ISO 8601 with date and time: "2026-11-21T08:06:32.584684Z", "2026-11-21 08:06:32+02:00".
// Up to 9 digits of a second, cut to microseconds; without a zone it is UTC. Nothing if it is no such text.
[[nodiscard]] std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept;

// A whole number since 1970 in seconds, milli-, micro- or nanoseconds, told apart by its size: below 10^11
// seconds, below 10^14 milliseconds, below 10^17 microseconds; that holds for every time between 1973 and
// 5138.
[[nodiscard]] Timestamp timestamp_by_size(std::int64_t since_1970) noexcept;

// "2026-11-21T08:06:32.584684Z", always six digits.
[[nodiscard]] std::string to_text(Timestamp time);

}  // namespace sluice::engine
