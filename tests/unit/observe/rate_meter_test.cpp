#include "observe/rate_meter.hpp"

#include <gtest/gtest.h>

#include "support/manual_clock.hpp"

namespace sluice::engine {
namespace {

using std::chrono::seconds;

class RateMeterTest : public testing::Test {
 protected:
  void settle(std::uint64_t events) {
    meter.add(clock.now(), events, clock.wall() - milliseconds(1), clock.wall());
  }

  ManualClock clock;
  RateMeter meter;
};

TEST_F(RateMeterTest, is_zero_before_the_first_event) {
  EXPECT_DOUBLE_EQ(meter.at(clock.now()).now, 0);
  EXPECT_DOUBLE_EQ(meter.at(clock.now()).average, 0);
  EXPECT_DOUBLE_EQ(meter.at(clock.now()).peak, 0);
}

TEST_F(RateMeterTest, shows_a_steady_rate_as_now_average_and_peak) {
  for (int step = 0; step < 50; ++step) {
    settle(20);
    clock.advance(milliseconds(100));
  }
  const Rates rates = meter.at(clock.now());
  EXPECT_DOUBLE_EQ(rates.now, 200);
  EXPECT_NEAR(rates.average, 200, 5);
  EXPECT_DOUBLE_EQ(rates.peak, 200);
}

TEST_F(RateMeterTest, falls_to_zero_when_nothing_comes_but_keeps_average_and_peak) {
  for (int step = 0; step < 30; ++step) {
    settle(50);
    clock.advance(milliseconds(100));
  }
  clock.advance(seconds(10));
  const Rates rates = meter.at(clock.now());
  EXPECT_DOUBLE_EQ(rates.now, 0);
  EXPECT_NEAR(rates.average, 500, 20);
  EXPECT_DOUBLE_EQ(rates.peak, 500);
}

TEST_F(RateMeterTest, remembers_the_best_second) {
  for (const std::uint64_t each : {1U, 9U, 2U}) {
    for (int step = 0; step < 10; ++step) {
      settle(each);
      clock.advance(milliseconds(100));
    }
  }
  EXPECT_DOUBLE_EQ(meter.at(clock.now()).peak, 90);
  EXPECT_DOUBLE_EQ(meter.at(clock.now()).now, 20);
}

TEST_F(RateMeterTest, forgets_what_is_older_than_a_second_after_a_long_silence) {
  settle(1000);
  clock.advance(seconds(100));
  settle(5);
  clock.advance(milliseconds(100));
  EXPECT_DOUBLE_EQ(meter.at(clock.now()).now, 5);
  EXPECT_DOUBLE_EQ(meter.at(clock.now()).peak, 1000);
}

TEST_F(RateMeterTest, takes_the_average_for_the_peak_in_a_run_shorter_than_a_second) {
  meter.add(clock.now(), 1000, clock.wall() - milliseconds(100), clock.wall());
  EXPECT_DOUBLE_EQ(meter.at(clock.now()).average, 10'000);
  EXPECT_DOUBLE_EQ(meter.at(clock.now()).peak, 10'000);
}

}  // namespace
}  // namespace sluice::engine
