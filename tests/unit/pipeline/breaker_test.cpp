#include "pipeline/breaker.hpp"

#include <gtest/gtest.h>

namespace sluice::engine {
namespace {

void count(Breaker& breaker, int times, bool dead_letter) {
  for (int i = 0; i < times; ++i) breaker.count(dead_letter);
}

TEST(Breaker, opens_when_the_ratio_of_the_window_is_reached) {
  Breaker breaker({0.5, 10});
  count(breaker, 6, false);
  count(breaker, 4, true);
  EXPECT_FALSE(breaker.open());
  EXPECT_TRUE(breaker.count(true)) << "5 of the last 10";
}

TEST(Breaker, does_not_judge_before_it_has_seen_a_whole_window) {
  Breaker breaker({0.5, 10});
  count(breaker, 9, true);
  EXPECT_FALSE(breaker.open());
  EXPECT_TRUE(breaker.count(true));
}

TEST(Breaker, forgets_what_has_left_the_window) {
  Breaker breaker({0.5, 10});
  for (int round = 0; round < 20; ++round) {
    count(breaker, 4, true);
    count(breaker, 6, false);
    EXPECT_FALSE(breaker.open());
    EXPECT_EQ(breaker.letters(), 4U);
  }
}

TEST(Breaker, stays_open_once_it_is) {
  Breaker breaker({0.5, 4});
  count(breaker, 4, true);
  count(breaker, 100, false);
  EXPECT_TRUE(breaker.open());
}

TEST(Breaker, of_ratio_zero_never_opens) {
  Breaker breaker({0, 10});
  count(breaker, 1000, true);
  EXPECT_FALSE(breaker.open());
}

TEST(Breaker, of_ratio_one_opens_when_nothing_else_came) {
  Breaker breaker({1.0, 3});
  count(breaker, 2, true);
  count(breaker, 1, false);
  count(breaker, 2, true);
  EXPECT_FALSE(breaker.open());
  EXPECT_TRUE(breaker.count(true));
}

}  // namespace
}  // namespace sluice::engine
