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
  count(breaker, 1, true);
  EXPECT_TRUE(breaker.open()) << "5 of the last 10";
}

TEST(Breaker, does_not_judge_before_it_has_seen_a_whole_window) {
  Breaker breaker({0.5, 10});
  count(breaker, 9, true);
  EXPECT_FALSE(breaker.open());
  count(breaker, 1, true);
  EXPECT_TRUE(breaker.open());
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

class BreakerLineTest : public testing::Test {
 protected:
  Ledger::Slot begin() {
    line.begin();
    return ledger.begin({{next++}, {}});
  }
  Breaker breaker{{0.5, 4}};
  BreakerLine line;
  Ledger ledger{{0}};
  std::int64_t next = 0;
};

TEST_F(BreakerLineTest, counts_in_the_order_of_positions) {
  std::vector<Ledger::Slot> events;
  for (int i = 0; i < 12; ++i) events.push_back(begin());
  for (int i = 0; i < 12; i += 4) line.finish(events[static_cast<std::size_t>(i)], true, breaker);
  EXPECT_EQ(breaker.letters(), 1U) << "the others are not judged before those that came before them";
  for (std::size_t i = 0; i < 12; ++i)
    if (i % 4 != 0) line.finish(events[i], false, breaker);
  EXPECT_FALSE(breaker.open());
}

TEST_F(BreakerLineTest, does_not_count_what_is_no_event) {
  for (int i = 0; i < 3; ++i) line.finish(begin(), true, breaker);
  for (int i = 0; i < 10; ++i) line.leave_out(begin(), breaker);
  EXPECT_EQ(breaker.letters(), 3U);
  line.finish(begin(), false, breaker);
  EXPECT_TRUE(breaker.open());
}

TEST_F(BreakerLineTest, sees_a_flood_behind_an_event_that_waits) {
  const auto waits = begin();
  for (int i = 0; i < 4; ++i) line.finish(begin(), true, breaker);
  EXPECT_FALSE(breaker.open());
  line.let_pass(waits, breaker);
  EXPECT_TRUE(breaker.open());
}

TEST_F(BreakerLineTest, counts_once_what_has_waited_unless_it_becomes_a_letter_after_all) {
  const auto waits = begin();
  const auto fails = begin();
  line.let_pass(waits, breaker);
  line.let_pass(fails, breaker);
  line.let_pass(fails, breaker);
  line.finish(waits, false, breaker);
  line.finish(fails, true, breaker);
  EXPECT_EQ(breaker.letters(), 1U);
  EXPECT_FALSE(breaker.open());
  line.finish(begin(), true, breaker);
  EXPECT_TRUE(breaker.open()) << "good, good, letter, letter";
}

TEST(Breaker, of_ratio_one_opens_when_nothing_else_came) {
  Breaker breaker({1.0, 3});
  count(breaker, 2, true);
  count(breaker, 1, false);
  count(breaker, 2, true);
  EXPECT_FALSE(breaker.open());
  count(breaker, 1, true);
  EXPECT_TRUE(breaker.open());
}

}  // namespace
}  // namespace sluice::engine
