#include "observe/summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/manual_clock.hpp"

namespace sluice::engine {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

class SummaryTest : public testing::Test {
 protected:
  void settle(std::size_t count, Settled how, milliseconds took) {
    const SettledEvent event{how,
                             Code::handler_rejected,
                             "1",
                             "T",
                             {.created = {},
                              .captured = {},
                              .appended = {},
                              .started = clock.wall() - took,
                              .settled = clock.wall()}};
    observer.settled(std::vector(count, event));
  }
  std::optional<SummaryLine> next() {
    clock.advance(seconds(10));
    return summary.next(clock.now(), observer.figures(), status);
  }

  ManualClock clock;
  Observer observer{clock};
  PipelineStatus status;
  Summary summary{clock.now()};
};

TEST_F(SummaryTest, tells_throughput_latency_and_errors_of_the_interval_alone) {
  settle(500, Settled::applied, milliseconds(900));
  ASSERT_TRUE(next());
  settle(20'000, Settled::applied, milliseconds(2));
  const auto line = next();
  ASSERT_TRUE(line);
  EXPECT_THAT(line->text, HasSubstr("20,000 events in 10.0 s (2,000/s)"));
  EXPECT_THAT(line->text, HasSubstr("total p50 2."));
  EXPECT_THAT(line->text, HasSubstr("no errors"));
  EXPECT_FALSE(line->warning);
}

TEST_F(SummaryTest, warns_of_dead_letters_with_their_rate) {
  settle(99, Settled::applied, milliseconds(1));
  settle(1, Settled::dead_letter, milliseconds(1));
  const auto line = next();
  ASSERT_TRUE(line);
  EXPECT_THAT(line->text, HasSubstr("1 dead letter (1.00 %)"));
  EXPECT_TRUE(line->warning);
}

TEST_F(SummaryTest, is_silent_while_there_is_nothing_to_do) {
  settle(1, Settled::applied, milliseconds(1));
  EXPECT_TRUE(next());
  EXPECT_FALSE(next());
}

TEST_F(SummaryTest, says_why_nothing_moves) {
  status.unfinished_events = 1234;
  status.targets.push_back({.name = "store",
                            .writers = 1,
                            .busy = 0,
                            .queued = 0,
                            .in_flight = 0,
                            .waiting = 0,
                            .retrying_since = clock.wall(),
                            .retry_reason = "database is locked"});
  const auto line = next();
  ASSERT_TRUE(line);
  EXPECT_THAT(line->text, HasSubstr("1,234 unfinished; store: database is locked"));
  EXPECT_TRUE(line->warning);
}

TEST_F(SummaryTest, counts_what_was_tried_again_by_its_cause) {
  observer.retried(Code::sink_unavailable, 12);
  const auto line = next();
  ASSERT_TRUE(line);
  EXPECT_THAT(line->text, HasSubstr("no event settled in 10.0 s; tried again: 12 (sink.unavailable)"));
  EXPECT_FALSE(next());
}

TEST_F(SummaryTest, tells_all_figures_together_at_the_end) {
  EXPECT_EQ(whole_run(observer.figures()), "no event settled");
  settle(1000, Settled::applied, milliseconds(500));
  settle(1, Settled::dead_letter, milliseconds(1));
  EXPECT_THAT(whole_run(observer.figures()), HasSubstr("in all 1,001 events, 1,000 applied (2,002/s)"));
  EXPECT_THAT(whole_run(observer.figures()), HasSubstr("1 dead letter (0.10 %)"));
  EXPECT_THAT(whole_run(observer.figures()), Not(HasSubstr("repeated")));
  settle(1, Settled::repeated, milliseconds(1));
  EXPECT_THAT(whole_run(observer.figures()), HasSubstr(", 1 repeated"));
}

TEST(Numbers, are_grouped_by_thousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(12'345'678), "12,345,678");
}

TEST(Durations, have_the_digits_that_matter) {
  EXPECT_EQ(duration_for_people(0.84), "0.84 ms");
  EXPECT_EQ(duration_for_people(12.34), "12.3 ms");
  EXPECT_EQ(duration_for_people(1523), "1.52 s");
}

}  // namespace
}  // namespace sluice::engine
