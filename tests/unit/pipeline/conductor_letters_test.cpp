// From failure to dead letter, the breaker, and what is left when a pipeline drains.
#include "conductor_world.hpp"

namespace sluice::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using ConductorLetters = ConductorWorld;

const Unapplied first_on_a{"h0", "things", "\"a\""};

LetterRecord in_letter(std::int64_t position, const Unapplied& change, Disposition disposition) {
  return {{"outbox", 0}, {position}, 0, change, disposition, {}, Code::wait_expired, "it did not come"};
}

TEST_F(ConductorLetters, holds_the_queue_until_the_letter_is_durable) {
  read({event(0).inc("a"), event(1).wait_for("a"), event(2).inc("b")});
  auto batch = send();
  answer(batch, {Outcome::rejected, Outcome::applied});
  EXPECT_EQ(safe(), 0);
  auto due = letters();
  ASSERT_EQ(due.size(), 1U);
  expect_nothing_to_write();
  letters_written(std::move(due));
  EXPECT_EQ(safe(), 1);
  expect_write("a:1", Outcome::applied);
  EXPECT_EQ(safe(), 3);
}

TEST_F(ConductorLetters, tells_in_one_letter_all_that_was_not_applied) {
  settings.targets.push_back({"hook", {}, {milliseconds(100), seconds(10)}, false});
  read({event(0).inc("a").by(1).inc("b").inc("c").deliver(1, "k").with_value("payload")});
  auto batch = send();
  EXPECT_EQ(batch.text, "a:0 b:0/h1 c:0/h1");
  answer(batch, {Outcome::rejected, Outcome::applied, Outcome::rejected});
  EXPECT_THAT(letters(), IsEmpty()) << "the sink has not answered yet";
  auto delivery = send(1);
  answer(delivery, Outcome::rejected);
  const auto due = letters();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].id(), "story/outbox/0/0");
  EXPECT_EQ(due[0].code, Code::store_refused);
  EXPECT_EQ(due[0].reason, "as answered");
  EXPECT_EQ(due[0].value, "payload");
  EXPECT_THAT(due[0].unapplied, ElementsAre(Unapplied{"h0", "things", "\"a\""},
                                            Unapplied{"h1", "things", "\"c\""}, Unapplied{"hook", "", ""}));
}

TEST_F(ConductorLetters, writes_what_is_refused_before_any_change_was_made) {
  read({event(0).handled_as(Handling::refused, Code::decode_not_json), event(1).inc("a")});
  const auto due = letters();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].code, Code::decode_not_json);
  EXPECT_THAT(due[0].unapplied, IsEmpty());
  letters_written(due);
  expect_write("a:1", Outcome::applied);
  EXPECT_EQ(safe(), 2);
}

TEST_F(ConductorLetters, does_not_wait_for_its_own_letter_with_the_other_handlers_of_the_event) {
  read({event(0).inc("a").by(1).inc("a").by(2).inc("a"), event(1).inc("a")});
  expect_write("a:0", Outcome::rejected);
  expect_write("a:0/h1", Outcome::applied);
  EXPECT_THAT(letters(), IsEmpty());
  expect_write("a:0/h2", Outcome::rejected);
  expect_nothing_to_write();
  const auto due = letters();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_THAT(due[0].unapplied,
              ElementsAre(Unapplied{"h0", "things", "\"a\""}, Unapplied{"h2", "things", "\"a\""}));
  letters_written(due);
  expect_write("a:1", Outcome::applied);
  EXPECT_EQ(settled(), "e0:dead_letter e1:applied");
  EXPECT_EQ(safe(), 2);
}

TEST_F(ConductorLetters, holds_the_queue_also_when_the_events_last_handler_succeeds) {
  read({event(0).inc("a").by(1).inc("a"), event(1).by(1).inc("a")});
  expect_write("a:0", Outcome::rejected);
  expect_write("a:0/h1", Outcome::applied);
  expect_nothing_to_write();
  letters_written(letters());
  expect_write("a:1/h1", Outcome::applied);
}

// An upgrade may accept the refused event: were a later one ahead of its letter, its watermark would hide it.
TEST_F(ConductorLetters, of_refused_events_hold_back_what_comes_behind_them_in_the_partition) {
  read({event(0).inc("a"), event(1).handled_as(Handling::refused), event(2).inc("b"),
        event(3).handled_as(Handling::refused), event(4).inc("c")});
  expect_write("a:0", Outcome::applied);
  expect_nothing_to_write();
  auto due = letters();
  ASSERT_EQ(due.size(), 2U) << "letters do not wait for each other";
  letters_lost(due);
  expect_nothing_to_write();
  pass(seconds(1));
  letters_written(letters());
  expect_write("b:2 c:4", Outcome::applied);
  EXPECT_EQ(safe(), 5);
}

TEST_F(ConductorLetters, of_refused_events_let_go_what_is_before_the_next_of_them) {
  read({event(0).handled_as(Handling::refused), event(1).inc("a")});
  auto first = letters();
  read({event(2).handled_as(Handling::refused), event(3).inc("a")});
  letters_written(first);
  expect_write("a:1", Outcome::applied);
  expect_nothing_to_write();
  letters_written(letters());
  expect_write("a:3", Outcome::applied);
}

using ConductorStop = ConductorWorld;

TEST_F(ConductorStop, comes_when_all_before_the_event_is_settled_and_nothing_behind_it) {
  read({event(1).inc("a"), event(2).handled_as(Handling::refused), event(3).inc("b"),
        event(5).handled_as(Handling::stops, Code::route_stop), event(6).inc("c"),
        event(7).handled_as(Handling::refused)});
  expect_write("a:1", Outcome::applied);
  auto due = letters();
  ASSERT_EQ(due.size(), 1U) << "none for what is behind";
  letters_written(std::move(due));
  EXPECT_FALSE(conductor().stop());
  expect_write("b:3", Outcome::applied);
  ASSERT_TRUE(conductor().stop());
  EXPECT_EQ(conductor().stop()->code, Code::route_stop);
  expect_nothing_to_write();
  EXPECT_EQ(safe(), 5) << "it is met again";
}

TEST_F(ConductorStop, comes_at_once_when_nothing_is_before_the_event) {
  read({event(9).handled_as(Handling::stops, Code::route_stop)});
  EXPECT_TRUE(conductor().stop());
}

TEST_F(ConductorStop, goes_with_its_partition) {
  read({event(0).inc("a"), event(1).handled_as(Handling::stops, Code::route_stop), event(2).inc("b")});
  auto batch = send();
  conductor().revoke(first_partition);
  answer(batch, Outcome::applied);
  EXPECT_EQ(conductor().unfinished(), 0U);
  EXPECT_FALSE(conductor().stop());
}

TEST_F(ConductorLetters, are_written_one_lot_after_the_other) {
  read({event(0).handled_as(Handling::refused), event(1).handled_as(Handling::refused)});
  const auto first = letters();
  EXPECT_EQ(first.size(), 2U);
  read({event(2).handled_as(Handling::refused)});
  EXPECT_THAT(letters(), IsEmpty()) << "some are out";
  letters_written(first);
  EXPECT_EQ(letters().size(), 1U);
}

TEST_F(ConductorLetters, keep_the_position_while_they_cannot_be_written) {
  read({event(0).inc("a"), event(1).wait_for("a")});
  expect_write("a:0", Outcome::rejected);
  for (int i = 0; i < 20; ++i) {
    auto due = letters();
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].position.value, 0);
    letters_lost(std::move(due));
    EXPECT_THAT(letters(), IsEmpty()) << "not at once";
    expect_nothing_to_write();
    EXPECT_EQ(safe(), 0);
    ASSERT_TRUE(conductor().next_deadline(now));
    pass(std::chrono::ceil<microseconds>(*conductor().next_deadline(now) - now));
  }
  letters_written(letters());
  expect_write("a:1", Outcome::applied);
  EXPECT_EQ(safe(), 2);
}

TEST_F(ConductorLetters, keep_their_order_when_they_are_tried_again) {
  read({event(0).handled_as(Handling::refused)});
  auto first = letters();
  read({event(1).handled_as(Handling::refused)});
  letters_lost(std::move(first));
  pass(seconds(1));
  const auto again = letters();
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].position.value, 0);
  EXPECT_EQ(again[1].position.value, 1);
}

TEST_F(ConductorLetters, stop_the_pipeline_when_they_never_can_be_written) {
  read({event(0).handled_as(Handling::refused)});
  letters_lost(letters(), Code::dead_letters_fatal);
  ASSERT_TRUE(conductor().stop());
  EXPECT_THAT(conductor().stop()->reason, testing::HasSubstr("no such host"));
}

TEST_F(ConductorLetters, stop_the_pipeline_that_has_no_place_for_them) {
  settings.has_dead_letters = false;
  read({event(3).handled_as(Handling::refused, Code::decode_avro)});
  ASSERT_TRUE(conductor().stop());
  EXPECT_EQ(conductor().stop()->code, Code::decode_avro);
  EXPECT_THAT(conductor().stop()->reason, testing::HasSubstr("story/outbox/0/3"));
  EXPECT_EQ(safe(), 0);
}

TEST_F(ConductorLetters, that_an_earlier_run_meant_to_write_are_written_again_without_a_try) {
  journal_letters = {in_letter(0, first_on_a, Disposition::intended)};
  read({event(0).inc("a").by(1).inc("b"), event(1).inc("a")});
  auto batch = send();
  EXPECT_EQ(batch.text, "b:0/h1");
  answer(batch, Outcome::already_applied);
  const auto due = letters();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].code, Code::wait_expired);
  EXPECT_EQ(due[0].reason, "it did not come");
  letters_written(due);
  expect_write("a:1", Outcome::applied);
}

TEST_F(ConductorLetters, that_were_meant_for_one_handler_leave_the_others_of_the_document_alone) {
  journal_letters = {in_letter(0, first_on_a, Disposition::intended)};
  read({event(0).inc("a").by(1).inc("a")});
  expect_write("a:0/h1", Outcome::applied);
  letters_written(letters());
  EXPECT_EQ(settled(), "e0:dead_letter");
}

TEST_F(ConductorLetters, that_were_replayed_or_given_up_are_not_written_again) {
  for (const auto disposition : {Disposition::replayed, Disposition::discarded})
    journal_letters.push_back(
        in_letter(disposition == Disposition::replayed ? 0 : 1, first_on_a, disposition));
  read({event(0).inc("a").by(1).inc("b"), event(1).inc("a"), event(2).inc("a")});
  expect_write("a:2 b:0/h1", Outcome::applied);
  EXPECT_THAT(letters(), IsEmpty());
  EXPECT_EQ(safe(), 3);
}

TEST_F(ConductorLetters, of_whole_events_hold_for_each_change_of_theirs) {
  journal_letters = {in_letter(0, whole_event, Disposition::intended),
                     in_letter(1, whole_event, Disposition::discarded)};
  read({event(0).inc("a").by(1).inc("b"), event(1).inc("c")});
  expect_nothing_to_write();
  const auto due = letters();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_THAT(due[0].unapplied, ElementsAre(first_on_a, Unapplied{"h1", "things", "\"b\""}));
  letters_written(due);
  EXPECT_EQ(safe(), 2);
}

TEST_F(ConductorLetters, of_whole_events_that_were_replayed_leave_what_the_replay_did_not_know) {
  journal_letters = {in_letter(0, whole_event, Disposition::replayed),
                     in_letter(0, first_on_a, Disposition::replayed)};
  read({event(0).inc("a").by(1).inc("b")});
  expect_write("b:0/h1", Outcome::applied);
  EXPECT_EQ(safe(), 1);
}

TEST_F(ConductorLetters, of_another_generation_count_for_nothing) {
  settings.generation = 1;
  journal_letters = {in_letter(0, first_on_a, Disposition::replayed)};
  read({event(0).inc("a")});
  auto batch = send();
  ASSERT_EQ(batch.batch->size(), 1U);
  answer(batch, Outcome::rejected);
  const auto due = letters();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].id(), "story/outbox/0/0@1");
}

TEST_F(ConductorLetters, open_the_breaker_when_they_are_a_flood) {
  settings.breaker = {0.5, 4};
  read({event(0).inc("a"), event(1).inc("b"), event(2).handled_as(Handling::refused),
        event(3).handled_as(Handling::refused), event(4).inc("c")});
  expect_write("a:0 b:1", Outcome::applied);
  EXPECT_FALSE(conductor().stop());
  letters_written(letters());
  ASSERT_TRUE(conductor().stop());
  EXPECT_EQ(conductor().stop()->code, Code::breaker_open);
  EXPECT_THAT(conductor().stop()->reason, testing::HasSubstr("2 of the last 4"));
  EXPECT_EQ(safe(), 4) << "what is settled stays settled";
}

TEST_F(ConductorLetters, do_not_look_like_a_flood_because_they_end_before_their_neighbours) {
  settings.breaker = {0.5, 10};
  std::vector<Told> backlog;
  for (std::int64_t i = 0; i < 100; ++i)
    backlog.push_back(i % 5 == 0 ? event(i).handled_as(Handling::refused)
                                 : event(i).inc("d" + std::to_string(i)));
  read(backlog);
  letters_written(letters());
  EXPECT_FALSE(conductor().stop());
  auto batch = send();
  answer(batch, Outcome::applied);
  EXPECT_FALSE(conductor().stop());
  EXPECT_EQ(safe(), 100);
}

TEST_F(ConductorLetters, are_a_flood_also_behind_a_document_that_waits) {
  settings.breaker = {0.5, 4};
  read({event(0).wait_for("a"), event(1).handled_as(Handling::refused),
        event(2).handled_as(Handling::refused), event(3).handled_as(Handling::refused)});
  letters_written(letters());
  EXPECT_FALSE(conductor().stop());
  expect_write("a:0", Outcome::waiting);
  pass(milliseconds(100));
  expect_write("a:0", Outcome::waiting);
  read({event(4).handled_as(Handling::refused)});
  letters_written(letters());
  EXPECT_TRUE(conductor().stop());
}

TEST_F(ConductorLetters, are_not_counted_against_what_is_passed_over) {
  settings.breaker = {0.5, 4};
  for (std::int64_t i = 0; i < 40; i += 4)
    read({event(i).handled_as(Handling::passed_over), event(i + 1).handled_as(Handling::passed_over),
          event(i + 2).handled_as(Handling::passed_over), event(i + 3).inc("a")});
  EXPECT_FALSE(conductor().stop());
}

using ConductorDrain = ConductorWorld;

TEST_F(ConductorDrain, is_at_rest_when_only_waiting_documents_are_left) {
  read({event(0).wait_for("a"), event(1).inc("a"), event(2).inc("b")});
  conductor().begin_drain();
  EXPECT_FALSE(conductor().at_rest());
  auto batch = send();
  EXPECT_FALSE(conductor().at_rest());
  answer(batch, {Outcome::waiting, Outcome::applied});
  EXPECT_TRUE(conductor().at_rest());
  pass(seconds(60));
  expect_nothing_to_write();
  EXPECT_TRUE(conductor().at_rest()) << "left for the next start";
  EXPECT_EQ(safe(), 0);
}

TEST_F(ConductorDrain, is_not_at_rest_while_something_is_retried_or_a_letter_is_due) {
  read({event(0).inc("a"), event(1).handled_as(Handling::refused)});
  conductor().begin_drain();
  expect_write("a:0", Outcome::retry);
  EXPECT_FALSE(conductor().at_rest());
  pass(milliseconds(100));
  expect_write("a:0", Outcome::applied);
  EXPECT_FALSE(conductor().at_rest());
  auto due = letters();
  EXPECT_FALSE(conductor().at_rest());
  letters_written(std::move(due));
  EXPECT_TRUE(conductor().at_rest());
}

TEST_F(ConductorDrain, is_at_rest_when_a_failed_event_waits_for_a_document_elsewhere) {
  read({event(0).inc("a").by(1).wait_for("b")});
  conductor().begin_drain();
  auto batch = send();
  answer(batch, {Outcome::rejected, Outcome::waiting});
  EXPECT_THAT(letters(), IsEmpty());
  EXPECT_TRUE(conductor().at_rest());
}

TEST_F(ConductorDrain, is_not_at_rest_while_a_chunk_is_missing_before_one_that_came) {
  auto early = chunk({event(0).inc("a")});
  conductor().take(chunk({event(1).inc("b")}), now, wall);
  EXPECT_FALSE(conductor().at_rest());
  conductor().take(std::move(early), now, wall);
  expect_write("a:0 b:1", Outcome::applied);
  EXPECT_TRUE(conductor().at_rest());
}

}  // namespace
}  // namespace sluice::engine
