#include "pipeline/backoff.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sluice::engine {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr RetrySettings usual{milliseconds(100), seconds(30)};

// The delay without jitter lies between the jittered one and its double.
void expect_between_half_and_all(microseconds delay, microseconds whole) {
  EXPECT_GE(delay, whole / 2);
  EXPECT_LE(delay, whole);
}

TEST(Backoff, doubles_from_the_initial_delay) {
  for (std::uint64_t noise = 0; noise < 100; ++noise) {
    expect_between_half_and_all(backoff(usual, 1, noise), milliseconds(100));
    expect_between_half_and_all(backoff(usual, 2, noise), milliseconds(200));
    expect_between_half_and_all(backoff(usual, 5, noise), milliseconds(1600));
  }
}

TEST(Backoff, stays_at_its_cap_however_often_it_failed) {
  for (const unsigned failures : {9U, 10U, 40U, 41U, 64U, 1'000'000U, std::numeric_limits<unsigned>::max()})
    expect_between_half_and_all(backoff(usual, failures, failures), seconds(30));
}

TEST(Backoff, does_not_overflow_with_the_longest_settings) {
  const RetrySettings longest{hours(24), hours(24 * 365)};
  for (unsigned failures = 1; failures < 200; ++failures) {
    const microseconds delay = backoff(longest, failures, failures);
    EXPECT_GE(delay, hours(12));
    EXPECT_LE(delay, hours(24 * 365));
  }
}

TEST(Backoff, begins_at_the_cap_when_that_is_below_the_initial_delay) {
  expect_between_half_and_all(backoff({seconds(10), seconds(1)}, 1, 5), seconds(1));
}

TEST(Backoff, spreads_what_failed_together) {
  std::uint64_t lower_half = 0;
  for (std::uint64_t noise = 0; noise < 1000; ++noise)
    lower_half += backoff(usual, 1, noise) < milliseconds(75) ? 1 : 0;
  EXPECT_GT(lower_half, 350U);
  EXPECT_LT(lower_half, 650U);
}

TEST(Backoff, of_a_single_microsecond_is_not_zero) {
  EXPECT_GE(backoff({microseconds(1), seconds(1)}, 1, 3), microseconds(1));
}

}  // namespace
}  // namespace sluice::engine
