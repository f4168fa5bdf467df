// A partition is taken away, whatever state its work is in.
#include "conductor_world.hpp"

namespace sluice::engine {
namespace {

using testing::IsEmpty;

class ConductorRevoke : public ConductorWorld {
 protected:
  // What holds after every revocation: nothing of the partition is left, and nothing was lost count of.
  void expect_all_gone() {
    conductor().forget_settled();
    EXPECT_EQ(conductor().unfinished(), 0U);
    EXPECT_FALSE(conductor().in_flight(first_partition));
    EXPECT_TRUE(conductor().at_rest());
    expect_nothing_to_write();
    EXPECT_THAT(letters(), IsEmpty());
    PipelineStatus status;
    conductor().describe(status, now, wall);
    EXPECT_EQ(status.targets[0].queued, 0U);
    EXPECT_EQ(status.targets[0].in_flight, 0U);
    EXPECT_THAT(status.partitions, IsEmpty());
    conductor().forget(first_partition);
    EXPECT_EQ(safe(), -1) << "it is forgotten";
  }
};

TEST_F(ConductorRevoke, drops_what_is_ready_and_leaves_other_partitions_alone) {
  assign(second_partition);
  read({event(0).inc("a"), event(1).inc("b")});
  read({event(0).inc("a"), event(1).inc("c")}, second_partition);
  conductor().revoke(first_partition);
  expect_write("a:0@1 c:1@1", Outcome::applied);
  EXPECT_EQ(safe(second_partition), 2);
  EXPECT_EQ(conductor().unfinished(), 0U);
}

TEST_F(ConductorRevoke, gives_the_position_to_commit_after_everything_is_settled) {
  read({event(0).inc("a"), event(1).inc("b")});
  auto batch = send();
  conductor().revoke(first_partition);
  EXPECT_TRUE(conductor().in_flight(first_partition));
  answer(batch, Outcome::applied);
  EXPECT_FALSE(conductor().in_flight(first_partition));
  EXPECT_EQ(safe(), 2);
  expect_all_gone();
}

TEST_F(ConductorRevoke, gives_a_position_below_all_that_was_dropped) {
  settings.targets[0].batch.events = 1;
  read({event(0).inc("a"), event(1).inc("b"), event(2).inc("c")});
  auto batch = send();
  conductor().revoke(first_partition);
  answer(batch, Outcome::applied);
  EXPECT_EQ(safe(), 1);
  expect_all_gone();
}

TEST_F(ConductorRevoke, does_not_settle_an_event_of_which_a_part_was_dropped) {
  settings.targets[0].batch.events = 1;
  read({event(0).inc("a").by(1).inc("b")});
  auto batch = send();
  conductor().revoke(first_partition);
  answer(batch, Outcome::applied);
  EXPECT_EQ(settled(), "");
  EXPECT_EQ(safe(), 0);
  expect_all_gone();
}

TEST_F(ConductorRevoke, drops_what_came_back_to_be_tried_again_and_what_queued_behind_it) {
  for (const Outcome outcome :
       {Outcome::retry, Outcome::waiting, Outcome::rejected, Outcome::already_applied}) {
    SCOPED_TRACE(to_text(outcome));
    assign(second_partition);
    read({event(0).inc("a"), event(1).inc("a")}, second_partition);
    auto batch = send();
    read({event(2).inc("a")}, second_partition);
    conductor().revoke(second_partition);
    answer(batch, outcome);
    EXPECT_EQ(conductor().unfinished(), 0U);
    expect_nothing_to_write();
    EXPECT_THAT(letters(), IsEmpty());
    conductor().forget(second_partition);
  }
}

TEST_F(ConductorRevoke, drops_what_an_unreachable_store_gave_back) {
  read({event(0).inc("a")});
  auto batch = send();
  conductor().revoke(first_partition);
  answer_unreachable(batch);
  EXPECT_EQ(safe(), 0);
  expect_all_gone();
}

TEST_F(ConductorRevoke, drops_what_is_backing_off) {
  read({event(0).inc("a")});
  expect_write("a:0", Outcome::retry);
  conductor().revoke(first_partition);
  pass(seconds(1));
  expect_all_gone();
}

TEST_F(ConductorRevoke, drops_what_waits_and_what_it_kept_of_it) {
  read({event(0).wait_for("a"), event(1).inc("a")});
  expect_write("a:0", Outcome::waiting);
  conductor().revoke(first_partition);
  pass(seconds(1));
  expect_all_gone();
}

TEST_F(ConductorRevoke, drops_what_is_parked_behind_another_partition) {
  assign(second_partition);
  read({event(0).inc("a")}, second_partition);
  auto batch = send();
  read({event(0).inc("a")});
  expect_nothing_to_write();
  conductor().revoke(first_partition);
  answer(batch, Outcome::applied);
  expect_nothing_to_write();
  EXPECT_EQ(conductor().unfinished(), 0U);
}

TEST_F(ConductorRevoke, lets_a_parked_partition_go_on_when_the_one_before_it_goes) {
  assign(second_partition);
  read({event(0).inc("a")});
  auto batch = send();
  read({event(0).inc("a")}, second_partition);
  expect_nothing_to_write();
  conductor().revoke(first_partition);
  answer(batch, Outcome::retry);
  expect_write("a:0@1", Outcome::applied);
}

TEST_F(ConductorRevoke, drops_a_letter_that_is_due_and_the_queues_it_held) {
  read({event(0).inc("a").by(1).inc("b"), event(1).wait_for("a"), event(2).handled_as(Handling::refused)});
  auto batch = send();
  answer(batch, Outcome::rejected);
  conductor().revoke(first_partition);
  EXPECT_EQ(safe(), 0);
  expect_all_gone();
}

TEST_F(ConductorRevoke, finishes_a_letter_that_is_out_when_it_becomes_durable) {
  read({event(0).inc("a").by(1).inc("b"), event(1).wait_for("a")});
  auto batch = send();
  answer(batch, Outcome::rejected);
  auto due = letters();
  conductor().revoke(first_partition);
  EXPECT_TRUE(conductor().in_flight(first_partition)) << "who has the partition next must find it";
  letters_written(std::move(due));
  EXPECT_FALSE(conductor().in_flight(first_partition));
  EXPECT_EQ(settled(), "e0:dead_letter");
  EXPECT_EQ(safe(), 1);
  expect_all_gone();
}

TEST_F(ConductorRevoke, abandons_a_letter_that_is_out_when_it_could_not_be_written) {
  read({event(0).inc("a").by(1).inc("b"), event(1).wait_for("a")});
  auto batch = send();
  answer(batch, Outcome::rejected);
  auto due = letters();
  conductor().revoke(first_partition);
  conductor().forget(first_partition);
  letters_lost(std::move(due));
  EXPECT_EQ(settled(), "");
  EXPECT_EQ(conductor().unfinished(), 0U);
  expect_all_gone();
}

TEST_F(ConductorRevoke, drops_an_event_that_failed_in_one_place_and_is_out_in_another) {
  settings.targets[0].batch.events = 1;
  read({event(0).inc("a").by(1).inc("b")});
  auto first = send();
  auto second = send();
  answer(first, Outcome::rejected);
  conductor().revoke(first_partition);
  answer(second, Outcome::applied);
  EXPECT_THAT(letters(), IsEmpty()) << "whoever has the partition now does it anew";
  EXPECT_EQ(safe(), 0);
  expect_all_gone();
}

TEST_F(ConductorRevoke, ignores_chunks_that_are_late) {
  conductor().revoke(first_partition);
  read({event(0).inc("a")});
  expect_all_gone();
  read({event(1).inc("a")});
  EXPECT_EQ(conductor().finished_events(), 2U);
}

TEST_F(ConductorRevoke, takes_a_partition_back_under_a_new_number_while_the_old_one_is_out) {
  read({event(0).inc("a")});
  auto batch = send();
  conductor().revoke(first_partition);
  conductor().forget(first_partition);
  assign(second_partition);
  read({event(0).inc("a")}, second_partition);
  expect_nothing_to_write();
  answer(batch, Outcome::applied);
  EXPECT_EQ(safe(second_partition), 0);
  expect_write("a:0@1", Outcome::already_applied);
  EXPECT_EQ(safe(second_partition), 1);
}

TEST_F(ConductorRevoke, drops_what_waits_behind_a_refused_event) {
  read({event(0).handled_as(Handling::refused), event(1).inc("a"), event(2).inc("b")});
  const auto due = letters();
  conductor().revoke(first_partition);
  EXPECT_EQ(conductor().unfinished(), 1U) << "the letter is out";
  letters_written(due);
  EXPECT_EQ(conductor().unfinished(), 0U);
  expect_nothing_to_write();
  conductor().forget(first_partition);
}

}  // namespace
}  // namespace sluice::engine
