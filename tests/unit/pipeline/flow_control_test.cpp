#include "pipeline/flow_control.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::engine {
namespace {

constexpr PartitionId one{1};
constexpr PartitionId two{2};

// Records of ten bytes each at the positions from..to.
Chunk records(PartitionId partition, std::int64_t from, std::int64_t to) {
  Chunk chunk;
  for (std::int64_t position = from; position <= to; ++position) {
    Record& record = chunk.records.emplace_back();
    record.partition = partition;
    record.position = {position};
    record.value = "0123456789";
  }
  return chunk;
}

// "pause 1, resume 2".
std::string steps(FlowControl& flow) {
  std::string text;
  for (const FlowControl::Step& step : flow.steps()) {
    if (!text.empty()) text += ", ";
    text += (step.pause ? "pause " : "resume ") + std::to_string(static_cast<unsigned>(step.partition));
  }
  return text;
}

class FlowControlTest : public testing::Test {
 protected:
  FlowControlTest() {
    flow.add(one);
    flow.add(two);
  }
  FlowControl flow{{100, 10'000, 1'000}};
};

TEST_F(FlowControlTest, lets_everything_run_at_first) { EXPECT_EQ(steps(flow), ""); }

TEST_F(FlowControlTest, pauses_all_partitions_while_too_many_events_are_unfinished) {
  flow.read(records(one, 0, 98));
  EXPECT_EQ(steps(flow), "");
  flow.read(records(two, 0, 0));
  EXPECT_EQ(steps(flow), "pause 1, pause 2");
  EXPECT_TRUE(flow.full());
  EXPECT_EQ(steps(flow), "") << "each step is told once";
}

TEST_F(FlowControlTest, resumes_when_a_quarter_is_free) {
  flow.read(records(one, 0, 99));
  EXPECT_EQ(steps(flow), "pause 1, pause 2");
  flow.finished(25, 250);
  EXPECT_EQ(steps(flow), "");
  flow.finished(26, 260);
  EXPECT_EQ(steps(flow), "resume 1, resume 2");
}

TEST_F(FlowControlTest, pauses_while_too_many_bytes_are_unfinished) {
  Chunk large;
  const std::string value(10'000, 'x');
  large.records.emplace_back().value = value;
  flow.read(large);
  EXPECT_EQ(steps(flow), "pause 1, pause 2");
  EXPECT_EQ(flow.unfinished_bytes(), 10'000U);
  flow.finished(1, 10'000);
  EXPECT_EQ(steps(flow), "resume 1, resume 2");
  EXPECT_EQ(flow.unfinished_bytes(), 0U);
}

TEST_F(FlowControlTest, counts_what_the_conductor_gives_back_whatever_the_source_says) {
  Chunk chunk = records(one, 0, 9);
  chunk.bytes = 7;  // a source that counts otherwise
  flow.read(chunk);
  flow.finished(10, 100);
  EXPECT_EQ(flow.unfinished_bytes(), 0U);
  EXPECT_EQ(steps(flow), "");
}

TEST_F(FlowControlTest, pauses_the_one_partition_whose_safe_position_stays_behind) {
  FlowControl narrow{{1'000'000, 1'000'000, 40}};
  narrow.add(one);
  narrow.add(two);
  narrow.read(records(one, 0, 39));
  EXPECT_EQ(steps(narrow), "pause 1");
  EXPECT_FALSE(narrow.full());
  EXPECT_TRUE(narrow.paused(one));
  narrow.passed(one, 10);
  EXPECT_EQ(steps(narrow), "") << "not before a quarter is free";
  narrow.passed(one, 11);
  EXPECT_EQ(steps(narrow), "resume 1");
}

TEST_F(FlowControlTest, does_not_take_positions_for_a_number_of_records) {
  flow.read(records(one, 5'000'000, 5'000'001));  // bytes of a file, or offsets with gaps
  EXPECT_EQ(steps(flow), "");
}

TEST_F(FlowControlTest, forgets_a_partition_that_is_gone) {
  flow.remove(two);
  flow.read(records(two, 0, 99));
  EXPECT_EQ(steps(flow), "pause 1");
  EXPECT_FALSE(flow.paused(two));
}

TEST_F(FlowControlTest, pauses_a_partition_that_comes_while_it_is_full) {
  flow.read(records(one, 0, 99));
  EXPECT_EQ(steps(flow), "pause 1, pause 2");
  flow.add(PartitionId{3});
  EXPECT_EQ(steps(flow), "pause 3");
}

}  // namespace
}  // namespace sluice::engine
