#include "support/manual_clock.hpp"

namespace sluice::engine {

namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::sys_time<nanoseconds> noon =
    std::chrono::sys_days{std::chrono::year{2026} / std::chrono::November / 21} + std::chrono::hours{12};

}  // namespace

ManualClock::ManualClock()
    : steady_(nanoseconds(std::chrono::hours{1}).count()), calendar_(noon.time_since_epoch().count()) {}

Instant ManualClock::now() const { return Instant{nanoseconds{steady_.load()}}; }

Timestamp ManualClock::wall() const {
  return std::chrono::time_point_cast<microseconds>(
      std::chrono::sys_time<nanoseconds>{nanoseconds{calendar_.load()}});
}

void ManualClock::advance(nanoseconds by) {
  steady_ += by.count();
  calendar_ += by.count();
}

void ManualClock::set_wall(Timestamp wall) { calendar_ = nanoseconds(wall.time_since_epoch()).count(); }

}  // namespace sluice::engine
