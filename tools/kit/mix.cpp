#include "kit/mix.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string>

#include "kit/crowd.hpp"

namespace sluice::kit {

Mix parse_mix(std::string_view text) {
  std::array<std::uint32_t, 3> shares{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const auto [rest, error] = std::from_chars(at, end, shares[i]);
    const bool delimited = i + 1 < shares.size() ? rest != end && *rest == '/' : rest == end;
    if (error != std::errc{} || !delimited || shares[i] > 1'000'000)
      throw std::invalid_argument("the mix '" + std::string(text) +
                                  "' is not USERS/ACTIVITIES/PARTICIPANTS, such as 50/30/20");
    at = rest + 1;
  }
  return {shares[0], shares[1], shares[2]};
}

Quota divide(std::uint64_t events, const Mix& mix) {
  const std::uint64_t whole = std::uint64_t{mix.users} + mix.activities + mix.participants;
  if (events == 0) return {};
  if (whole == 0) throw std::invalid_argument("the mix has no events: at least one share must be positive");

  Quota quota{events * mix.users / whole, events * mix.activities / whole, events * mix.participants / whole};
  struct Rest {
    std::uint64_t remainder;
    std::uint64_t* count;
  };
  std::array rests{Rest{events * mix.users % whole, &quota.users},
                   Rest{events * mix.activities % whole, &quota.activities},
                   Rest{events * mix.participants % whole, &quota.participants}};
  std::ranges::stable_sort(rests, std::ranges::greater{}, &Rest::remainder);
  for (std::size_t i = 0; quota.total() < events; ++i) ++*rests[i].count;

  if (quota.activities > 0 && quota.users == 0)
    throw std::invalid_argument("the mix has activities but no users to create them");
  const std::uint64_t pairs = quota.users * std::min<std::uint64_t>(quota.activities, most_open_activities);
  if (quota.participants > pairs)
    throw std::invalid_argument("the mix asks for " + std::to_string(quota.participants) +
                                " participants, but " + std::to_string(quota.users) + " users can join " +
                                std::to_string(quota.activities) + " activities only " +
                                std::to_string(pairs) + " times");
  return quota;
}

}  // namespace sluice::kit
