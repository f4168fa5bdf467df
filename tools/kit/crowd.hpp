// Who joins which activity next.
//
// Constant memory, however long a history is: only so many activities are open at a time, the others are
// forgotten, and of an open one it is enough to know how many have joined, because its users come in an order
// that can be computed. No one joins an activity twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kit/random.hpp"

namespace sluice::kit {

constexpr std::size_t most_open_activities = std::size_t{1} << 16U;

// Ranks from 0, the k-th drawn in proportion to 1 / (k + 1)^exponent.
class Zipf {
 public:
  Zipf(double exponent, std::size_t ranks);

  // One of the first `ranks`, at least one and at most those of the constructor.
  [[nodiscard]] std::size_t draw(Random& random, std::size_t ranks) const;

 private:
  std::vector<std::uint32_t>
      sums_;  // of the weights up to a rank; whole numbers, as a seed must mean the same everywhere
};

// Not thread-safe. Users and activities are known by their numbers, which begin at 0 and grow by one.
class Crowd {
 public:
  // The exponent of Zipf's law over the open activities; 0: the usual crowd, half of which goes to a quarter
  // of them.
  explicit Crowd(double hot_keys);

  void open(std::uint64_t activity, Random& random);

  [[nodiscard]] bool anyone_can_join(std::uint64_t users) const noexcept {
    return joined_ < users * open_.size();
  }

  struct Joining {
    std::uint64_t activity = 0;
    std::uint64_t user = 0;
  };
  // One of the `users` there are by now; someone can join.
  [[nodiscard]] Joining next(std::uint64_t users, Random& random);

 private:
  // The users who had come when it was opened, or when all of those had joined: they follow each other by a
  // step that has no common divisor with their number, and so come by once each.
  struct Activity {
    std::uint64_t number = 0;
    std::uint64_t settled = 0;  // users before these, who have all joined
    std::uint64_t users = 0;
    std::uint64_t first = 0;
    std::uint64_t step = 1;
    std::uint64_t joined = 0;  // of these

    [[nodiscard]] std::uint64_t all_joined() const noexcept { return settled + joined; }
    [[nodiscard]] std::uint64_t next(std::uint64_t users_now, Random& random);
  };

  [[nodiscard]] std::size_t choose(std::uint64_t users, Random& random) const;
  [[nodiscard]] std::size_t popular(Random& random) const;

  std::vector<Zipf> zipf_;      // one, or none
  std::vector<Activity> open_;  // the most popular first
  std::uint64_t joined_ = 0;    // in all that are open
};

}  // namespace sluice::kit
