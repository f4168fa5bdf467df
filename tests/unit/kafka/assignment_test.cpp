#include "kafka/assignment.hpp"

#include <gtest/gtest.h>

namespace sluice::engine::kafka {
namespace {

struct AssignmentTest : testing::Test {
  PartitionNumbers numbers;
  Assignment assignment{numbers};
};

TEST_F(AssignmentTest, commits_nothing_of_which_nothing_is_settled) {
  auto& held = assignment.add({"t", 0});
  assignment.settle({held.id, {Position{0}}});
  Assignment::handed_on(held, 100);
  assignment.settle({held.id, {Position{100}}});
  EXPECT_EQ(assignment.take_uncommitted()->cnt, 0);
}

TEST_F(AssignmentTest, asks_once_for_each_position) {
  auto& held = assignment.add({"t", 3});
  Assignment::handed_on(held, 100);
  assignment.settle({held.id, {Position{101}}});
  const PartitionList list = assignment.take_uncommitted();
  ASSERT_EQ(list->cnt, 1);
  EXPECT_STREQ(list->elems[0].topic, "t");
  EXPECT_EQ(list->elems[0].partition, 3);
  EXPECT_EQ(list->elems[0].offset, 101);
  EXPECT_EQ(assignment.take_uncommitted()->cnt, 0);
}

TEST_F(AssignmentTest, asks_again_for_what_was_refused) {
  auto& held = assignment.add({"t", 0});
  Assignment::handed_on(held, 0);
  assignment.settle({held.id, {Position{1}}});
  const PartitionList list = assignment.take_uncommitted();
  assignment.committed(*list, false);
  EXPECT_EQ(assignment.take_uncommitted()->cnt, 1);
  assignment.committed(*list, true);
  EXPECT_EQ(assignment.take_uncommitted()->cnt, 0);
}

TEST_F(AssignmentTest, counts_what_is_no_record_behind_the_last_one_as_read) {
  auto& held = assignment.add({"t", 0});
  Assignment::handed_on(held, 0);
  Assignment::handed_on(held, 1);
  held.end_reached = 5;
  assignment.settle({held.id, {Position{1}}});
  EXPECT_EQ(held.safe, 1);
  assignment.settle({held.id, {Position{2}}});
  EXPECT_EQ(held.safe, 5);
}

TEST_F(AssignmentTest, passes_over_late_words_about_an_earlier_assignment) {
  const PartitionId before = assignment.add({"t", 0}).id;
  assignment.remove(before);
  auto& now = assignment.add({"t", 0});
  EXPECT_NE(now.id, before);
  Assignment::handed_on(now, 0);
  assignment.settle({before, {Position{50}}});
  EXPECT_EQ(assignment.take_uncommitted()->cnt, 0);
}

TEST_F(AssignmentTest, numbers_partitions_unlike_a_consumer_before_it) {
  const PartitionId before = assignment.add({"t", 0}).id;
  Assignment next(numbers);
  EXPECT_NE(next.add({"t", 0}).id, before);
}

Origins some_origins() {
  Origins origins;
  EXPECT_TRUE(origins.add({.source = 1, .place = 2}));
  return origins;
}

TEST_F(AssignmentTest, notes_the_origins_of_a_position_with_its_offset) {
  auto& held = assignment.add({"t", 0});
  Assignment::handed_on(held, 100);
  assignment.settle({held.id, {Position{101}, some_origins()}});
  assignment.settle({held.id, {Position{100}, {}}});  // a late word
  const PartitionList list = assignment.take_uncommitted();
  ASSERT_EQ(list->cnt, 1);
  EXPECT_EQ(noted_origins(list->elems[0]), some_origins());
}

TEST_F(AssignmentTest, finds_no_origins_in_what_another_program_noted) {
  const PartitionList list = partition_list(2);
  const auto* none = rd_kafka_topic_partition_list_add(list.get(), "t", 0);
  EXPECT_TRUE(noted_origins(*none).empty());
  auto* other = rd_kafka_topic_partition_list_add(list.get(), "t", 1);
  note_origins(*other, some_origins());
  static_cast<char*>(other->metadata)[0] = 'S';
  EXPECT_TRUE(noted_origins(*other).empty());
}

TEST_F(AssignmentTest, is_to_be_paused_as_a_whole_only_when_each_is) {
  EXPECT_FALSE(assignment.all_to_be_paused());
  auto& one = assignment.add({"t", 0});
  one.pause = true;
  EXPECT_TRUE(assignment.all_to_be_paused());
  assignment.add({"t", 1});
  EXPECT_FALSE(assignment.all_to_be_paused());
}

}  // namespace
}  // namespace sluice::engine::kafka
