// What happens when a write does not go through: one document, a group, the whole target, a document to wait
// for.
#include "conductor_world.hpp"

namespace sluice::engine {
namespace {

using testing::Optional;

class ConductorRetry : public ConductorWorld {
 protected:
  // A chunk of twenty events, of which the first `left` are to be tried again and the others are applied.
  void read_twenty_and_leave(std::size_t left) {
    std::vector<Told> events;
    for (std::int64_t i = 0; i < 20; ++i) events.push_back(event(i).inc("d" + std::to_string(i)));
    read(events);
    auto batch = send();
    WrittenBatch written;
    written.results.resize(batch.batch->size(), {Outcome::applied, Code::internal, {}});
    for (std::size_t i = 0; i < left; ++i)
      written.results[i] = {Outcome::retry, Code::store_unavailable, "later"};
    written.batch = std::move(batch.batch);
    conductor().finish(std::move(written), now, wall);
    conductor().forget_settled();
  }
};

TEST_F(ConductorRetry, goes_change_by_change_when_part_of_a_group_was_applied_before) {
  read({event(0).inc("a"), event(1).inc("a"), event(2).inc("a")});
  expect_write("a:0-2", Outcome::already_applied);
  expect_write("a:0", Outcome::already_applied);
  expect_write("a:1", Outcome::already_applied);
  expect_write("a:2", Outcome::applied);
  EXPECT_EQ(safe(), 3);
}

TEST_F(ConductorRetry, finds_the_one_of_a_group_that_is_rejected) {
  read({event(0).inc("a"), event(1).inc("a"), event(2).inc("a")});
  expect_write("a:0-2", Outcome::rejected);
  expect_write("a:0", Outcome::applied);
  expect_write("a:1", Outcome::rejected);
  expect_nothing_to_write();
  letters_written(letters());
  expect_write("a:2", Outcome::applied);
  EXPECT_EQ(settled(), "e0:applied e1:dead_letter e2:applied");
}

TEST_F(ConductorRetry, takes_a_group_apart_that_has_to_wait) {
  read({event(0).inc("a"), event(1).inc("a")});
  expect_write("a:0-1", Outcome::waiting);
  expect_write("a:0", Outcome::waiting);
}

TEST_F(ConductorRetry, keeps_what_came_later_out_of_a_group_taken_apart) {
  read({event(0).inc("a"), event(1).inc("a")});
  auto batch = send();
  read({event(2).inc("a"), event(3).inc("a")});
  answer(batch, Outcome::rejected);
  expect_write("a:0", Outcome::applied);
  expect_write("a:1", Outcome::applied);
  expect_write("a:2-3", Outcome::applied);
}

TEST_F(ConductorRetry, tries_one_document_again_later_and_lets_the_others_go_on) {
  read({event(0).inc("a"), event(1).inc("b"), event(2).replace("a")});
  auto batch = send();
  EXPECT_EQ(batch.text, "a:0-2 b:1");
  answer(batch, {Outcome::retry, Outcome::applied});
  expect_nothing_to_write();
  read({event(3).inc("b"), event(4).inc("a")});
  expect_write("b:3", Outcome::applied);
  ASSERT_TRUE(conductor().next_deadline());
  EXPECT_GE(*conductor().next_deadline(), now + milliseconds(50));
  EXPECT_LE(*conductor().next_deadline(), now + milliseconds(100));
  pass(milliseconds(100));
  expect_write("a:0-2", Outcome::applied);
  expect_write("a:4", Outcome::applied);
}

TEST_F(ConductorRetry, waits_longer_each_time_up_to_the_cap) {
  read({event(0).inc("a")});
  for (int failures = 1; failures < 30; ++failures) {
    auto batch = send();
    ASSERT_EQ(batch.text, "a:0");
    answer(batch, Outcome::retry);
    const microseconds delay = std::chrono::duration_cast<microseconds>(*conductor().next_deadline() - now);
    EXPECT_LE(delay, seconds(10));
    EXPECT_GE(delay, failures > 10 ? seconds(5) : seconds(0));
    pass(delay);
  }
}

TEST_F(ConductorRetry, starts_anew_with_short_delays_after_a_success) {
  read({event(0).inc("a"), event(1).wait_for("a")});
  for (int i = 0; i < 8; ++i) {
    expect_write("a:0", Outcome::retry);
    pass(seconds(20));
  }
  expect_write("a:0", Outcome::applied);
  expect_write("a:1", Outcome::retry);
  EXPECT_LE(*conductor().next_deadline(), now + milliseconds(100));
}

TEST_F(ConductorRetry, probes_a_store_that_is_down_with_one_batch_at_a_time) {
  settings.targets[0].batch.events = 1;
  read({event(0).inc("a"), event(1).inc("b"), event(2).inc("c")});
  auto first = send();
  auto second = send();
  answer_unreachable(first);
  expect_nothing_to_write();
  answer_unreachable(second);
  pass(milliseconds(100));
  pass(milliseconds(100));
  auto probe = send();
  EXPECT_EQ(probe.text, "a:0");
  expect_nothing_to_write();
  EXPECT_EQ(conductor().next_deadline(now), std::nullopt) << "only the probe's answer can change anything";
  answer(probe, Outcome::applied);
  EXPECT_EQ(send().text, "b:1");
  EXPECT_EQ(send().text, "c:2") << "it is up again: all writers work";
}

TEST_F(ConductorRetry, never_makes_a_dead_letter_of_a_store_that_is_down) {
  read({event(0).inc("a")});
  for (int i = 0; i < 100; ++i) {
    auto batch = send();
    ASSERT_EQ(batch.text, "a:0");
    answer_unreachable(batch);
    pass(seconds(10));
  }
  EXPECT_TRUE(letters().empty());
  EXPECT_EQ(safe(), 0);
  EXPECT_FALSE(conductor().stop());
}

TEST_F(ConductorRetry, says_since_when_and_why_a_target_is_retried) {
  read({event(0).inc("a")});
  auto batch = send();
  answer_unreachable(batch);
  PipelineStatus status;
  conductor().describe(status, now, wall);
  EXPECT_THAT(status.targets[0].retrying_since, Optional(wall));
  EXPECT_EQ(status.targets[0].retry_reason, "connection refused");
  pass(milliseconds(100));
  expect_write("a:0", Outcome::applied);
  PipelineStatus later;
  conductor().describe(later, now, wall);
  EXPECT_FALSE(later.targets[0].retrying_since);
}

TEST_F(ConductorRetry, names_the_documents_that_changes_wait_for_the_longest_first) {
  read({event(0).wait_for("a"), event(1).wait_for("b"), event(2).inc("a"), event(3).inc("c")});
  auto batch = send();
  answer(batch, {Outcome::waiting, Outcome::waiting, Outcome::applied});
  const Timestamp since = wall;
  pass(seconds(1));
  PipelineStatus status;
  conductor().describe(status, now, wall);
  ASSERT_EQ(status.waiting.size(), 2U);
  EXPECT_EQ(status.waiting[0].target, "store");
  EXPECT_EQ(status.waiting[0].since, since);
  EXPECT_EQ(status.waiting[0].position.value + status.waiting[1].position.value, 1);
  ASSERT_EQ(status.partitions.size(), 1U);
  EXPECT_EQ(status.partitions[0].waiting, 3U) << "the one behind the first counts too";
  EXPECT_EQ(status.partitions[0].unfinished, 3U);
}

TEST_F(ConductorRetry, keeps_the_reason_of_a_change_that_is_tried_again_by_itself) {
  read({event(0).inc("a"), event(1).inc("b")});
  auto batch = send();
  answer(batch, {Outcome::retry, Outcome::applied});
  PipelineStatus status;
  conductor().describe(status, now, wall);
  EXPECT_FALSE(status.targets[0].last_reason.empty());
  EXPECT_FALSE(status.targets[0].retrying_since) << "the store as a whole is well";
}

TEST_F(ConductorRetry, names_the_first_change_of_a_batch_that_is_out) {
  read({event(0).inc("a"), event(1).inc("b")});
  auto batch = send();
  const std::string text = conductor().first_change(*batch.batch);
  EXPECT_NE(text.find("\"a\""), std::string::npos) << text;
  EXPECT_NE(text.find("and 1 more"), std::string::npos) << text;
  answer(batch, Outcome::applied);
}

TEST_F(ConductorRetry, stops_when_the_store_can_never_work) {
  read({event(0).inc("a"), event(1).inc("b")});
  auto batch = send();
  answer(batch, {Outcome::fatal, Outcome::applied});
  ASSERT_TRUE(conductor().stop());
  EXPECT_EQ(conductor().stop()->code, Code::store_fatal);
  expect_nothing_to_write();
  EXPECT_EQ(safe(), 0);
}

TEST_F(ConductorRetry, waits_for_a_document_and_holds_back_its_queue_alone) {
  read({event(0).wait_for("a"), event(1).inc("a"), event(2).inc("b")});
  auto batch = send();
  EXPECT_EQ(batch.text, "a:0 b:2");
  answer(batch, {Outcome::waiting, Outcome::applied});
  read({event(3).inc("b")});
  expect_write("b:3", Outcome::applied);
  pass(milliseconds(100));
  expect_write("a:0", Outcome::applied);
  expect_write("a:1", Outcome::applied);
  EXPECT_EQ(safe(), 4);
}

TEST_F(ConductorRetry, gives_up_waiting_after_the_handlers_time) {
  settings.handlers[0].wait_for = seconds(5);
  read({event(0).wait_for("a")});
  int tries = 0;
  while (letters().empty() && tries < 100) {
    auto batch = send();
    if (batch.batch) {
      ++tries;
      answer(batch, Outcome::waiting);
    }
    if (const auto due = conductor().next_deadline()) pass(std::chrono::ceil<microseconds>(*due - now));
    if (now > Instant(seconds(20))) break;
  }
  EXPECT_GT(tries, 4);
  EXPECT_LT(tries, 20);
  EXPECT_EQ(now, Instant(seconds(6))) << "the last try is made when the time is over, not long after";
}

TEST_F(ConductorRetry, names_an_expired_wait_by_its_code) {
  settings.handlers[0].wait_for = seconds(0);
  read({event(0).wait_for("a")});
  expect_write("a:0", Outcome::waiting);
  const auto due = letters();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].code, Code::wait_expired);
}

TEST_F(ConductorRetry, gives_the_next_change_its_own_time_to_wait) {
  settings.handlers[0].wait_for = milliseconds(300);
  read({event(0).wait_for("a"), event(1).wait_for("a")});
  expect_write("a:0", Outcome::waiting);
  pass(milliseconds(300));
  expect_write("a:0", Outcome::waiting);
  letters_written(letters());
  expect_write("a:1", Outcome::waiting);
  EXPECT_TRUE(letters().empty());
}

TEST_F(ConductorRetry, keeps_nothing_of_the_chunk_of_an_event_that_waits) {
  read({event(0).wait_for("a").with_value("the only copy").by(1).inc("b"), event(1).inc("c")});
  auto batch = send();
  answer(batch, {Outcome::waiting, Outcome::applied, Outcome::applied});
  EXPECT_EQ(settled(), "e1:applied");
  EXPECT_EQ(chunks_held(), 0) << "from here on, a look into it is an error that ASan finds";
  read({event(2).inc("a")});  // finds its queue by the copied name
  pass(milliseconds(100));
  expect_write("a:0", Outcome::rejected);
  const auto due = letters();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].value, "the only copy");
  EXPECT_EQ(due[0].event_id, "e0");
  letters_written(due);
  expect_write("a:2", Outcome::applied);
  EXPECT_EQ(settled(), "e0:dead_letter e2:applied");
}

TEST_F(ConductorRetry, lets_go_at_once_of_a_chunk_of_which_next_to_nothing_is_left) {
  read_twenty_and_leave(1);
  EXPECT_EQ(chunks_held(), 1);
  pass(milliseconds(10));
  conductor().forget_settled();
  EXPECT_EQ(chunks_held(), 0) << "from here on, a look into it is an error that ASan finds";
  pass(seconds(2));
  expect_write("d0:0", Outcome::applied);
  EXPECT_EQ(settled(), "e0:applied");
}

TEST_F(ConductorRetry, lets_go_later_of_a_chunk_of_which_less_than_half_is_left) {
  read_twenty_and_leave(9);
  pass(milliseconds(10));
  conductor().forget_settled();
  EXPECT_EQ(chunks_held(), 1) << "most of it may be done in a moment";
  pass(milliseconds(90));
  conductor().forget_settled();
  EXPECT_EQ(chunks_held(), 0);
}

TEST_F(ConductorRetry, keeps_a_chunk_of_which_half_is_left) {
  read_twenty_and_leave(10);
  pass(seconds(2));
  conductor().forget_settled();
  EXPECT_EQ(chunks_held(), 1);
}

TEST_F(ConductorRetry, treats_a_sink_that_waits_as_one_to_try_again) {
  settings.handlers.clear();
  settings.targets.push_back({"hook", {}, {milliseconds(100), seconds(10)}, false});
  read({event(0).deliver(1, "k")});
  auto batch = send(1);
  answer(batch, Outcome::waiting);
  pass(milliseconds(100));
  EXPECT_EQ(send(1).text, "e0");
}

}  // namespace
}  // namespace sluice::engine
