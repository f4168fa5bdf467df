#include "observe/latency.hpp"

#include <gtest/gtest.h>

namespace sluice::engine {
namespace {

constexpr microseconds us(std::int64_t count) { return microseconds(count); }

TEST(LatencyAxis, has_a_bin_for_each_microsecond_below_64) {
  for (int value = 0; value < 64; ++value) {
    EXPECT_EQ(LatencyAxis().index(value), value);
    EXPECT_EQ(LatencyAxis::lower(value), value);
  }
}

TEST(LatencyAxis, puts_the_first_value_of_a_bin_into_it_and_the_one_before_into_the_one_before) {
  for (int bin = 1; bin < LatencyAxis::bins; ++bin) {
    ASSERT_EQ(LatencyAxis().index(LatencyAxis::lower(bin)), bin);
    ASSERT_EQ(LatencyAxis().index(LatencyAxis::lower(bin) - 1), bin - 1);
  }
}

TEST(LatencyAxis, has_no_bin_wider_than_a_thirtieth_of_its_value) {
  for (int bin = 64; bin + 1 < LatencyAxis::bins; ++bin) {
    const auto width = LatencyAxis::lower(bin + 1) - LatencyAxis::lower(bin);
    ASSERT_LE(width * 30, LatencyAxis::lower(bin));
  }
}

TEST(LatencyAxis, keeps_every_value_within_its_bins) {
  EXPECT_EQ(LatencyAxis().index(-1), 0);
  EXPECT_EQ(LatencyAxis().index(INT64_MAX), LatencyAxis::bins - 1);
  EXPECT_EQ(LatencyAxis().index((std::int64_t{1} << 40) - 1), LatencyAxis::bins - 1);
}

TEST(LatencyHistogram, knows_the_percentiles_of_an_even_spread_to_three_percent) {
  LatencyHistogram histogram;
  for (int ms = 1; ms <= 1000; ++ms) histogram.add(us(ms * 1000));
  const LatencyFigures figures = histogram.figures();
  EXPECT_EQ(figures.count, 1000U);
  EXPECT_NEAR(figures.p50, 500, 16);
  EXPECT_NEAR(figures.p95, 950, 30);
  EXPECT_NEAR(figures.p99, 990, 31);
  EXPECT_DOUBLE_EQ(figures.min, 1);
  EXPECT_DOUBLE_EQ(figures.avg, 500.5);
  EXPECT_DOUBLE_EQ(figures.max, 1000);
}

TEST(LatencyHistogram, gives_the_one_value_it_has_as_every_figure) {
  LatencyHistogram histogram;
  histogram.add(us(12'345));
  const LatencyFigures figures = histogram.figures();
  EXPECT_DOUBLE_EQ(figures.p50, 12.345);
  EXPECT_DOUBLE_EQ(figures.p99, 12.345);
  EXPECT_DOUBLE_EQ(figures.min, 12.345);
  EXPECT_DOUBLE_EQ(figures.max, 12.345);
}

TEST(LatencyHistogram, is_all_zero_while_nothing_was_added) {
  const LatencyFigures figures = LatencyHistogram().figures();
  EXPECT_EQ(figures.count, 0U);
  EXPECT_DOUBLE_EQ(figures.min, 0);
  EXPECT_DOUBLE_EQ(figures.p99, 0);
}

TEST(LatencyHistogram, counts_the_negative_latency_of_disagreeing_clocks_as_none) {
  LatencyHistogram histogram;
  histogram.add(us(-5000));
  EXPECT_DOUBLE_EQ(histogram.figures().min, 0);
  EXPECT_DOUBLE_EQ(histogram.figures().avg, 0);
}

TEST(LatencyHistogram, counts_what_took_at_most_as_long_as_each_bound) {
  LatencyHistogram histogram;
  for (const int took : {10, 20, 21, 990, 1500, 7'000'000}) histogram.add(us(took));
  const std::array bounds{us(5), us(20), us(21), us(1000), us(2000), us(10'000'000)};
  EXPECT_EQ(histogram.at_most(bounds), (std::vector<std::uint64_t>{0, 2, 3, 4, 5, 6}));
  EXPECT_EQ(histogram.sum(), us(7'002'541));
}

TEST(LatencyHistogram, counts_a_bin_that_a_bound_cuts_as_longer) {
  LatencyHistogram histogram;
  histogram.add(us(1'000));  // in a bin of 992 to 1007
  const std::array bounds{us(1'000), us(1'007), us(1'008)};
  EXPECT_EQ(histogram.at_most(bounds), (std::vector<std::uint64_t>{0, 1, 1}));
}

TEST(LatencyHistogram, tells_what_was_added_since_an_earlier_copy) {
  LatencyHistogram histogram;
  histogram.add(us(1000));
  const LatencyHistogram earlier = histogram;
  histogram.add(us(50));
  histogram.add(us(50));
  const LatencyFigures figures = histogram.since(earlier).figures();
  EXPECT_EQ(figures.count, 2U);
  EXPECT_DOUBLE_EQ(figures.p99, 0.05);
  EXPECT_DOUBLE_EQ(figures.max, 0.05);
}

TEST(Latencies, measure_each_stage_between_its_two_clocks) {
  const Timestamp start{};
  Latencies latencies;
  latencies.add({.created = start,
                 .captured = start + us(1000),
                 .appended = start + us(3000),
                 .started = start + us(7000),
                 .settled = start + us(15'000)});
  EXPECT_DOUBLE_EQ(latencies[Stage::capture].figures().avg, 1);
  EXPECT_DOUBLE_EQ(latencies[Stage::delivery].figures().avg, 2);
  EXPECT_DOUBLE_EQ(latencies[Stage::lag].figures().avg, 4);
  EXPECT_DOUBLE_EQ(latencies[Stage::processing].figures().avg, 8);
  EXPECT_DOUBLE_EQ(latencies[Stage::total].figures().avg, 15);
}

TEST(Latencies, leave_out_a_stage_whose_clock_is_unknown) {
  Latencies latencies;
  latencies.add({.created = std::nullopt,
                 .captured = std::nullopt,
                 .appended = Timestamp(us(1000)),
                 .started = Timestamp(us(2000)),
                 .settled = Timestamp(us(4000))});
  EXPECT_EQ(latencies[Stage::capture].count(), 0U);
  EXPECT_EQ(latencies[Stage::delivery].count(), 0U);
  EXPECT_EQ(latencies[Stage::lag].count(), 1U);
  EXPECT_DOUBLE_EQ(latencies[Stage::total].figures().avg, 3);
}

}  // namespace
}  // namespace sluice::engine
