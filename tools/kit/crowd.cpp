#include "kit/crowd.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace sluice::kit {
namespace {

// So many come to one activity until the crowd moves on: documents stay of a size that stores take.
constexpr std::uint64_t crowd_that_moves_on = 10'000;

}  // namespace

Zipf::Zipf(double exponent, std::size_t ranks) {
  const auto weight = [exponent](std::size_t rank) {
    return std::pow(static_cast<double>(rank + 1), -exponent);
  };
  double whole = 0;
  for (std::size_t rank = 0; rank < ranks; ++rank) whole += weight(rank);
  constexpr double scale = 4'294'000'000;  // below 2^32, with room for what rounding adds
  double sum = 0;
  sums_.reserve(ranks);
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    sum += weight(rank);
    sums_.push_back(static_cast<std::uint32_t>(sum / whole * scale));
  }
}

std::size_t Zipf::draw(Random& random, std::size_t ranks) const {
  const auto end = sums_.begin() + static_cast<std::ptrdiff_t>(ranks);
  const auto drawn = static_cast<std::uint32_t>(random.below(*(end - 1)));
  return static_cast<std::size_t>(std::upper_bound(sums_.begin(), end, drawn) - sums_.begin());
}

Crowd::Crowd(double hot_keys) {
  if (hot_keys > 0) zipf_.emplace_back(hot_keys, most_open_activities);
}

void Crowd::open(std::uint64_t activity, Random& random) {
  if (open_.size() < most_open_activities) {
    open_.push_back({.number = activity});
    return;
  }
  Activity& closed = open_[static_cast<std::size_t>(random.below(open_.size()))];
  joined_ -= closed.all_joined();
  closed = {.number = activity};
}

Crowd::Joining Crowd::next(std::uint64_t users, Random& random) {
  const std::size_t chosen = choose(users, random);
  Activity& activity = open_[chosen];
  const Joining joining{activity.number, activity.next(users, random)};
  ++joined_;
  if (activity.all_joined() % crowd_that_moves_on == 0)
    std::swap(activity, open_[static_cast<std::size_t>(random.below(open_.size()))]);
  return joining;
}

// When the popular ones are full, everyone goes anywhere.
std::size_t Crowd::choose(std::uint64_t users, Random& random) const {
  const auto has_room = [&](std::size_t place) { return open_[place].all_joined() < users; };
  constexpr int tries_for_a_popular_one = 8;
  for (int tries = 0; tries < tries_for_a_popular_one; ++tries)
    if (const std::size_t place = popular(random); has_room(place)) return place;
  auto place = static_cast<std::size_t>(random.below(open_.size()));
  while (!has_room(place)) place = (place + 1) % open_.size();
  return place;
}

std::size_t Crowd::popular(Random& random) const {
  if (zipf_.empty()) return static_cast<std::size_t>(random.skewed_below(open_.size()));
  return zipf_.front().draw(random, open_.size());
}

std::uint64_t Crowd::Activity::next(std::uint64_t users_now, Random& random) {
  if (joined == users) {
    settled += users;
    users = users_now - settled;
    joined = 0;
    first = random.below(users);
    do step = 1 + random.below(users);
    while (std::gcd(step, users) != 1);
  }
  return settled + (first + joined++ * step) % users;
}

}  // namespace sluice::kit
