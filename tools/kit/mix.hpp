// How many events of each kind a world has.
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice::kit {

// Shares of users, activities and participants, in any unit.
struct Mix {
  std::uint32_t users = 50;
  std::uint32_t activities = 30;
  std::uint32_t participants = 20;
  bool operator==(const Mix&) const = default;
};

// "50/30/20". Throws std::invalid_argument with a message for people.
[[nodiscard]] Mix parse_mix(std::string_view text);

struct Quota {
  std::uint64_t users = 0;
  std::uint64_t activities = 0;
  std::uint64_t participants = 0;
  [[nodiscard]] std::uint64_t total() const noexcept { return users + activities + participants; }
  bool operator==(const Quota&) const = default;
};

// Exactly `events` in all, each kind within one event of its share. Throws std::invalid_argument when such a
// world cannot hold together: activities need a creator, and a user joins an activity once.
[[nodiscard]] Quota divide(std::uint64_t events, const Mix& mix);

}  // namespace sluice::kit
