// What is written when: order, one write of a document at a time, coalescing, limits.
#include "conductor_world.hpp"

namespace sluice::engine {
namespace {

using ConductorOrder = ConductorWorld;

TEST_F(ConductorOrder, writes_a_document_once_for_several_changes) {
  read({event(0).inc("a"), event(1).inc("b"), event(2).inc("a")});
  auto batch = send();
  EXPECT_EQ(batch.text, "a:0-2 b:1");
  answer(batch, Outcome::applied);
  EXPECT_EQ(settled(), "e0:applied e2:applied e1:applied");
  EXPECT_EQ(safe(), 3);
}

TEST_F(ConductorOrder, keeps_the_order_of_a_document_and_writes_it_by_one_writer_at_a_time) {
  read({event(0).inc("a"), event(1).replace("b")});
  auto batch = send();
  read({event(2).inc("a"), event(3).inc("c")});
  auto other = send();
  EXPECT_EQ(other.text, "c:3") << "a is out";
  expect_nothing_to_write();
  answer(batch, Outcome::applied);
  expect_write("a:2", Outcome::applied);
  answer(other, Outcome::applied);
  EXPECT_EQ(safe(), 4);
}

TEST_F(ConductorOrder, goes_on_with_all_that_came_while_a_document_was_out) {
  read({event(0).inc("a")});
  auto batch = send();
  for (std::int64_t position = 1; position < 5; ++position) read({event(position).inc("a")});
  answer(batch, Outcome::applied);
  expect_write("a:1-4", Outcome::applied);
}

TEST_F(ConductorOrder, parks_the_same_document_of_another_partition_until_it_is_back) {
  assign(second_partition);
  read({event(0).inc("a")});
  read({event(0).inc("a"), event(1).inc("b")}, second_partition);
  auto batch = send();
  EXPECT_EQ(batch.text, "a:0 b:1@1") << "one write of a document in a batch";
  expect_nothing_to_write();
  answer(batch, Outcome::applied);
  expect_write("a:0@1", Outcome::applied);
  EXPECT_EQ(safe(), 1);
  EXPECT_EQ(safe(second_partition), 2);
}

TEST_F(ConductorOrder, keeps_changes_of_different_handlers_apart) {
  read({event(0).inc("a"), event(1).by(1).inc("a"), event(2).by(1).inc("a"), event(3).inc("a")});
  expect_write("a:0", Outcome::applied);
  expect_write("a:1-2/h1", Outcome::applied);
  expect_write("a:3", Outcome::applied);
  EXPECT_EQ(safe(), 4);
}

TEST_F(ConductorOrder, does_not_coalesce_what_depends_on_the_document) {
  read({event(0).inc("a"), event(1).wait_for("a"), event(2).inc("a")});
  expect_write("a:0", Outcome::applied);
  expect_write("a:1", Outcome::applied);
  expect_write("a:2", Outcome::applied);
}

TEST_F(ConductorOrder, does_not_coalesce_two_values_of_one_field) {
  read({event(0).set("a", "x"), event(1).set("a", "y"), event(2).set("a", "x")});
  expect_write("a:0-1", Outcome::applied);
  expect_write("a:2", Outcome::applied);
}

TEST_F(ConductorOrder, lets_a_replace_absorb_what_precedes_it) {
  read({event(0).inc("a"), event(1).replace("a"), event(2).replace("a"), event(3).inc("a")});
  expect_write("a:0-2", Outcome::applied);
  expect_write("a:3", Outcome::applied);
}

TEST_F(ConductorOrder, ends_a_batch_at_its_number_of_documents) {
  settings.targets[0].batch.events = 3;
  read({event(0).inc("a"), event(1).inc("b"), event(2).inc("c"), event(3).inc("d")});
  auto batch = send();
  EXPECT_EQ(batch.text, "a:0 b:1 c:2");
  EXPECT_EQ(send().text, "d:3");
}

TEST_F(ConductorOrder, counts_a_document_once_however_many_changes_it_takes) {
  settings.targets[0].batch.events = 2;
  read({event(0).inc("a"), event(1).inc("a"), event(2).inc("a"), event(3).inc("b"), event(4).inc("c")});
  EXPECT_EQ(send().text, "a:0-2 b:3");
}

TEST_F(ConductorOrder, lets_documents_with_older_changes_go_before_new_ones) {
  settings.targets[0].batch.events = 2;
  read({event(0).set("a", "x"), event(1).set("a", "x"), event(2).inc("b"), event(3).inc("c"),
        event(4).inc("d")});
  expect_write("a:0 b:2", Outcome::applied);
  expect_write("a:1 c:3", Outcome::applied);
  expect_write("d:4", Outcome::applied);
}

TEST_F(ConductorOrder, ends_a_batch_at_its_bytes) {
  settings.targets[0].batch.bytes = 100;
  read({event(0).inc("a").of_bytes(60), event(1).inc("b").of_bytes(60), event(2).inc("c").of_bytes(60)});
  EXPECT_EQ(send().text, "a:0 b:1") << "the one that reaches the limit still goes";
  EXPECT_EQ(send().text, "c:2");
}

TEST_F(ConductorOrder, counts_the_bytes_of_all_that_was_coalesced) {
  settings.targets[0].batch.bytes = 100;
  read({event(0).push("a").of_bytes(40), event(1).push("a").of_bytes(40), event(2).push("a").of_bytes(40),
        event(3).push("a").of_bytes(40), event(4).push("b").of_bytes(40)});
  EXPECT_EQ(send().text, "a:0-2");
}

TEST_F(ConductorOrder, lets_a_change_larger_than_the_limit_go_alone) {
  settings.targets[0].batch.bytes = 100;
  read({event(0).inc("a").of_bytes(1000), event(1).inc("b")});
  EXPECT_EQ(send().text, "a:0");
}

TEST_F(ConductorOrder, waits_for_more_while_it_lingers) {
  settings.targets[0].batch.events = 3;
  settings.targets[0].batch.linger = milliseconds(10);
  read({event(0).inc("a")});
  expect_nothing_to_write();
  EXPECT_EQ(conductor().next_deadline(), now + milliseconds(10));
  pass(milliseconds(6));
  read({event(1).inc("b")});
  expect_nothing_to_write();
  pass(milliseconds(4));
  EXPECT_EQ(send().text, "a:0 b:1") << "the oldest has waited long enough";
}

TEST_F(ConductorOrder, does_not_linger_with_a_full_batch_nor_while_it_drains) {
  settings.targets[0].batch.events = 2;
  settings.targets[0].batch.linger = seconds(10);
  read({event(0).inc("a"), event(1).inc("b"), event(2).inc("c")});
  EXPECT_EQ(send().text, "a:0 b:1");
  expect_nothing_to_write();
  conductor().begin_drain();
  EXPECT_EQ(send().text, "c:2");
}

TEST_F(ConductorOrder, has_no_deadline_for_what_lingered_while_all_writers_are_busy) {
  settings.targets[0].batch.linger = milliseconds(10);
  read({event(0).inc("a")});
  pass(milliseconds(20));
  EXPECT_EQ(conductor().next_deadline(now), std::nullopt)
      << "it could go now: only a writer that comes back can change that";
}

TEST_F(ConductorOrder, takes_chunks_in_the_order_of_their_numbers) {
  auto early = chunk({event(0).inc("a")});
  auto late = chunk({event(1).inc("b")});
  conductor().take(std::move(late), now, wall);
  expect_nothing_to_write();
  conductor().take(std::move(early), now, wall);
  EXPECT_EQ(send().text, "a:0 b:1");
}

TEST_F(ConductorOrder, drops_a_record_that_comes_twice) {
  read({event(0).inc("a"), event(1).inc("b")});
  read({event(1).inc("b"), event(2).inc("c")});
  expect_write("a:0 b:1 c:2", Outcome::applied);
  EXPECT_EQ(safe(), 3);
  EXPECT_EQ(conductor().finished_events(), 4U) << "what was read must be given back";
}

TEST_F(ConductorOrder, settles_an_event_when_all_its_documents_are) {
  read({event(0).inc("a").by(1).inc("b"), event(1).inc("c")});
  auto batch = send();
  EXPECT_EQ(batch.text, "a:0 b:0/h1 c:1");
  answer(batch, {Outcome::applied, Outcome::retry, Outcome::applied});
  EXPECT_EQ(settled(), "e1:applied");
  EXPECT_EQ(safe(), 0);
  pass(seconds(1));
  expect_write("b:0/h1", Outcome::applied);
  EXPECT_EQ(settled(), "e0:applied");
  EXPECT_EQ(safe(), 2);
}

TEST_F(ConductorOrder, settles_at_once_what_has_nothing_to_write) {
  read({event(0).handled_as(Handling::passed_over), event(1).handled_as(Handling::ignored), event(2)});
  EXPECT_EQ(settled(), "e0:passed_over e1:ignored e2:applied");
  EXPECT_EQ(safe(), 3);
  EXPECT_EQ(conductor().unfinished(), 0U);
}

TEST_F(ConductorOrder, keeps_positions_with_gaps_safe) {
  assign(second_partition, 100);
  read({event(105).inc("a"), event(110).inc("b")}, second_partition);
  EXPECT_EQ(safe(second_partition), 100);
  auto batch = send();
  answer(batch, {Outcome::applied, Outcome::retry});
  EXPECT_EQ(safe(second_partition), 110);
  pass(seconds(1));
  expect_write("b:110@1", Outcome::applied);
  EXPECT_EQ(safe(second_partition), 111);
}

TEST_F(ConductorOrder, tells_once_that_a_position_has_moved) {
  read({event(0).inc("a")});
  EXPECT_TRUE(conductor().moved_positions().empty());
  expect_write("a:0", Outcome::applied);
  const auto moved = conductor().moved_positions();
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].settled.next.value, 1);
  EXPECT_EQ(moved[0].last.position.value, 0);
  EXPECT_TRUE(conductor().moved_positions().empty());
}

TEST_F(ConductorOrder, counts_generations_above_positions) {
  settings.generation = 3;
  read({event(7).inc("a")});
  auto batch = send();
  EXPECT_EQ(batch.batch->writes[0].first, Sequence::of(3, {7}));
}

TEST_F(ConductorOrder, delivers_to_a_sink_event_by_event_and_key_by_key) {
  settings.targets.push_back({"hook", {}, {milliseconds(100), seconds(10)}, false});
  read({event(0).deliver(1, "k"), event(1).deliver(1, "k"), event(2).deliver(1, "l"), event(3).inc("a")});
  auto batch = send(1);
  EXPECT_EQ(batch.text, "e0 e2") << "the second of a key waits for the first, and nothing is coalesced";
  expect_write("a:3", Outcome::applied);
  answer(batch, Outcome::applied);
  EXPECT_EQ(send(1).text, "e1");
}

}  // namespace
}  // namespace sluice::engine
