// Whole pipelines: how they start, go through trouble, and end.
#include <algorithm>

#include "pipeline_world.hpp"

namespace sluice::engine {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using PipelineStory = PipelineWorld;

TEST_F(PipelineStory, applies_everything_and_ends_with_its_source) {
  for (int i = 0; i < 1000; ++i) append("Count a" + std::to_string(i % 7));
  log->finish();
  auto pipeline = start();
  EXPECT_TRUE(pipeline->wait());
  EXPECT_EQ(pipeline->status().state, PipelineState::drained);
  EXPECT_EQ(pipeline->status().unfinished_events, 0U);
  EXPECT_EQ(pipeline->status().unfinished_bytes, 0U);
  EXPECT_EQ(committed(), 1000);
  EXPECT_EQ(store.applied() > 0, true);
  EXPECT_THAT(thing("a0"), HasSubstr("\"count\" : 143"));
  EXPECT_THAT(dead_letters.written(), IsEmpty());
}

TEST_F(PipelineStory, keeps_the_order_of_each_document_with_many_workers_and_writers) {
  settings.workers = 4;
  settings.writers = 8;
  settings.batch.events = 7;
  chunk_records = 3;
  std::string expected;
  for (int i = 0; i < 300; ++i) {
    append("Count a");
    append("Count b" + std::to_string(i % 5));
    expected += (i == 0 ? "" : ", ") + std::to_string(2 * i);
  }
  log->finish();
  EXPECT_TRUE(start()->wait());
  EXPECT_EQ(thing("a"), "{ \"count\" : 300, \"positions\" : [ " + expected + " ] }");
}

TEST_F(PipelineStory, finishes_what_is_in_flight_when_it_drains_and_goes_on_where_it_was) {
  append("Count a");
  auto first = start();
  wait_committed(1);
  EXPECT_EQ(first->status().state, PipelineState::running);
  first->drain();
  EXPECT_TRUE(first->wait());
  EXPECT_EQ(first->status().state, PipelineState::drained);
  append("Count a");
  auto second = start();
  wait_committed(2);
  EXPECT_EQ(thing("a"), "{ \"count\" : 2, \"positions\" : [ 0, 1 ] }");
  EXPECT_EQ(handler_calls->load(), 2) << "the first record is not read again";
}

TEST_F(PipelineStory, waits_for_a_store_that_is_not_there_yet) {
  store.set_unavailable(true);
  append("Count a");
  auto pipeline = start();
  wait_until([&] { return !pipeline->status().reason.empty(); });
  EXPECT_EQ(pipeline->status().state, PipelineState::starting);
  EXPECT_THAT(pipeline->status().reason, HasSubstr("unavailable"));
  store.set_unavailable(false);
  wait_committed(1);
  EXPECT_THAT(pipeline->status().reason, IsEmpty());
}

TEST_F(PipelineStory, goes_through_an_outage_of_the_store_without_a_dead_letter) {
  append("Count a");
  auto pipeline = start();
  wait_committed(1);
  store.set_unavailable(true);
  for (int i = 0; i < 100; ++i) append("Count a");
  wait_until([&] { return pipeline->status().targets[0].retrying_since.has_value(); });
  EXPECT_EQ(pipeline->status().state, PipelineState::running);
  EXPECT_EQ(committed(), 1);
  store.set_unavailable(false);
  wait_committed(101);
  EXPECT_THAT(thing("a"), HasSubstr("\"count\" : 101"));
  EXPECT_THAT(dead_letters.written(), IsEmpty());
  wait_until([&] { return !pipeline->status().targets[0].retrying_since; });
}

TEST_F(PipelineStory, applies_once_what_was_applied_without_an_answer) {
  std::atomic<int> writes = 0;
  store.inject([&](const Write&) {
    switch (writes++ % 4) {
      case 1:
        return memory::Fault::lost_acknowledgement;
      case 3:
        return memory::Fault::lost_race;
      default:
        return memory::Fault::none;
    }
  });
  chunk_records = 5;
  settings.batch.events = 3;
  for (int i = 0; i < 200; ++i) append("Two a" + std::to_string(i % 3));
  log->finish();
  EXPECT_TRUE(start()->wait());
  for (const std::string id : {"a0", "a0'", "a1", "a1'"}) EXPECT_THAT(thing(id), HasSubstr("\"count\" : 67"));
  store.inject(nullptr);
}

TEST_F(PipelineStory, keeps_the_position_while_dead_letters_cannot_be_written) {
  dead_letters.fail_writes(5);
  append("? not an event");
  append("Reject");
  append("Count a");
  log->finish();
  auto pipeline = start();
  EXPECT_TRUE(pipeline->wait());
  EXPECT_EQ(committed(), 3);
  const auto written = dead_letters.written();
  ASSERT_THAT(written, SizeIs(2));
  EXPECT_EQ(written[0].code, Code::decode_not_json);
  EXPECT_EQ(written[0].value, "? not an event");
  EXPECT_EQ(written[1].code, Code::handler_rejected);
  EXPECT_EQ(written[1].reason, "lines: it says so itself");
}

TEST_F(PipelineStory, counts_what_it_read_and_its_attempts_to_make_progress_durable) {
  dead_letters.fail_writes(2);
  append("Reject");
  append("Count a");
  log->finish();
  auto pipeline = start();
  EXPECT_TRUE(pipeline->wait());
  const PipelineStatus status = pipeline->status();
  EXPECT_EQ(status.records_read, 2U);
  EXPECT_EQ(status.bytes_read, std::string_view("RejectCount a").size());
  EXPECT_EQ(status.letters.made, 3U) << "one letter, tried thrice";
  EXPECT_EQ(status.letters.failed, 2U);
  EXPECT_GE(status.commits.made, 1U);
  EXPECT_EQ(status.commits.failed, 0U);
  EXPECT_GE(status.position_saves.made, 1U);
  EXPECT_EQ(status.position_saves.failed, 0U);
}

TEST_F(PipelineStory, gives_an_event_of_no_route_to_the_dead_letters) {
  append("Unheard of");
  log->finish();
  EXPECT_TRUE(start()->wait());
  ASSERT_THAT(dead_letters.written(), SizeIs(1));
  EXPECT_EQ(dead_letters.written()[0].code, Code::route_no_match);
}

TEST_F(PipelineStory, ignores_an_event_of_no_route_if_it_is_told_to) {
  otherwise = Otherwise::ignore;
  append("Unheard of");
  log->finish();
  EXPECT_TRUE(start()->wait());
  EXPECT_THAT(dead_letters.written(), IsEmpty());
  EXPECT_EQ(committed(), 1);
}

TEST_F(PipelineStory, stops_at_an_event_of_no_route_if_it_is_told_to) {
  otherwise = Otherwise::stop;
  append("Count a");
  append("Unheard of");
  auto pipeline = start();
  EXPECT_FALSE(pipeline->wait());
  EXPECT_EQ(pipeline->status().state, PipelineState::failed);
  EXPECT_EQ(pipeline->status().code, Code::route_stop);
  EXPECT_LE(committed(), 1);
}

TEST_F(PipelineStory, waits_for_a_source_that_is_out_of_reach) {
  log->fail_with(Error{Code::source_unavailable, "no broker answers"});
  append("Count a");
  auto pipeline = start();
  wait_until([&] { return pipeline->status().reason == "no broker answers"; });
  EXPECT_EQ(pipeline->status().state, PipelineState::starting);
  log->fail_with(std::nullopt);
  wait_committed(1);
  log->fail_with(Error{Code::source_unavailable, "gone again"});
  wait_until([&] { return pipeline->status().reason == "gone again"; });
  EXPECT_EQ(pipeline->status().state, PipelineState::running);
  append("Count a");
  log->fail_with(std::nullopt);
  wait_committed(2);
  wait_until([&] { return pipeline->status().reason.empty(); });
}

TEST_F(PipelineStory, knows_where_a_partition_ends_that_has_nothing_to_read) {
  append("Count a");
  auto first = start();
  wait_committed(1);
  first->drain();
  EXPECT_TRUE(first->wait());
  auto second = start();
  wait_until([&] {
    const PipelineStatus status = second->status();
    return !status.partitions.empty() && status.partitions[0].end == Position{1};
  });
}

TEST_F(PipelineStory, fails_with_the_reason_while_another_pipeline_runs) {
  log->add({"other", 0});
  log->assign({"other", 0}, 1);
  auto other = start(1);
  store.inject([](const Write& write) {
    return write.change.document.id.as_text() == "bad" ? memory::Fault::fatal : memory::Fault::none;
  });
  append("Count bad");
  settings.id = "doomed";
  auto doomed = start();
  EXPECT_FALSE(doomed->wait());
  EXPECT_EQ(doomed->status().state, PipelineState::failed);
  EXPECT_EQ(doomed->status().code, Code::store_fatal);
  EXPECT_EQ(doomed->status().reason, "injected: fatal");
  EXPECT_EQ(committed(), 0);
  append("Count a", {"other", 0});
  wait_until([&] { return log->committed({"other", 0}) == Progress{Position{1}}; });
  EXPECT_FALSE(other->ended());
}

TEST_F(PipelineStory, fails_when_its_source_never_will_work) {
  log->fail_with(Error{Code::source_fatal, "wrong password"});
  auto pipeline = start();
  EXPECT_FALSE(pipeline->wait());
  EXPECT_EQ(pipeline->status().state, PipelineState::failed);
  EXPECT_EQ(pipeline->status().reason, "wrong password");
}

TEST_F(PipelineStory, fails_when_it_has_no_place_for_a_dead_letter) {
  with_dead_letters = false;
  append("Reject");
  auto pipeline = start();
  EXPECT_FALSE(pipeline->wait());
  EXPECT_EQ(pipeline->status().code, Code::handler_rejected);
  EXPECT_EQ(committed(), 0);
}

TEST_F(PipelineStory, stays_stopped_by_its_breaker_until_something_has_changed) {
  settings.breaker = {0.5, 10};
  settings.fingerprint = "plugin 1.0";
  for (int i = 0; i < 2000; ++i) append("Reject");
  chunk_records = 10;
  auto first = start();
  EXPECT_FALSE(first->wait());
  EXPECT_EQ(first->status().state, PipelineState::breaker_open);
  EXPECT_THAT(first->status().reason, HasSubstr("10 of the last 10"));
  const auto letters = dead_letters.written().size();
  EXPECT_LT(letters, 2000U);

  auto again = start();
  EXPECT_FALSE(again->wait());
  EXPECT_EQ(again->status().state, PipelineState::breaker_open);
  EXPECT_THAT(again->status().reason, HasSubstr("10 of the last 10"));
  EXPECT_EQ(dead_letters.written().size(), letters) << "it has not even read";

  settings.fingerprint = "plugin 1.1";
  settings.breaker.ratio = 0;
  log->finish();
  EXPECT_TRUE(start()->wait());
  EXPECT_EQ(committed(), 2000);
}

TEST_F(PipelineStory, leaves_what_waits_for_the_next_start_when_it_drains) {
  append("Follow a");
  append("Count b");
  auto first = start();
  wait_until([&] { return !thing("b").empty() && first->status().targets[0].waiting == 1; });
  first->drain();
  EXPECT_TRUE(first->wait()) << "nothing is unfinished but what waits";
  EXPECT_EQ(committed(), 0);
  append("Put a");
  log->finish();
  auto second = start();
  wait_until([&] { return thing("b") == "{ \"count\" : 1, \"positions\" : [ 1 ] }"; });
  second->drain();
  EXPECT_TRUE(second->wait());
}

TEST_F(PipelineStory, gives_up_waiting_in_time) {
  wait_for = milliseconds(20);
  append("Follow a");
  log->finish();
  EXPECT_TRUE(start()->wait());
  ASSERT_THAT(dead_letters.written(), SizeIs(1));
  EXPECT_EQ(dead_letters.written()[0].code, Code::wait_expired);
  EXPECT_THAT(dead_letters.written()[0].unapplied, ElementsAre(Unapplied{"lines", "things", "\"a\""}));
}

TEST_F(PipelineStory, ends_with_work_left_when_the_store_does_not_come_back_in_time) {
  settings.shutdown_timeout = milliseconds(30);
  append("Count a");
  auto pipeline = start();
  wait_committed(1);
  store.set_unavailable(true);
  append("Count a");
  wait_until([&] { return pipeline->status().targets[0].retrying_since.has_value(); });
  pipeline->drain();
  EXPECT_FALSE(pipeline->wait());
  EXPECT_EQ(pipeline->status().state, PipelineState::drained);
  store.set_unavailable(false);
  auto next = start();
  wait_committed(2);
  EXPECT_THAT(thing("a"), HasSubstr("\"count\" : 2"));
}

TEST_F(PipelineStory, ends_at_once_when_it_is_halted_and_loses_nothing) {
  store.set_unavailable(false);
  for (int i = 0; i < 5000; ++i) append("Count a" + std::to_string(i % 10));
  auto pipeline = start();
  wait_until([&] { return store.applied() > 0; });
  pipeline->halt();
  pipeline->wait();
  log->finish();
  EXPECT_TRUE(start()->wait());
  for (int i = 0; i < 10; ++i) EXPECT_THAT(thing("a" + std::to_string(i)), HasSubstr("\"count\" : 500"));
}

TEST_F(PipelineStory, may_be_ended_before_it_has_started) {
  store.set_unavailable(true);
  auto pipeline = start();
  pipeline->drain();
  pipeline->wait();
  EXPECT_TRUE(pipeline->ended());
  auto halted = start();
  halted.reset();
}

TEST_F(PipelineStory, delivers_to_a_sink_in_the_order_of_each_key) {
  auto deliveries = std::make_shared<Deliveries>();
  std::atomic<int> tries = 0;
  deliveries->answer([&](const Event&) { return tries++ % 3 == 0 ? Outcome::retry : Outcome::applied; });
  sinks.push_back(
      {"hook", [deliveries] { return std::make_unique<RecordingSink>(deliveries); }, 4, {2}, settings.retry});
  routes = {{{}, {}, {0}}};
  for (int i = 0; i < 60; ++i) append("Any k" + std::to_string(i % 3));
  log->finish();
  EXPECT_TRUE(start()->wait());
  std::map<std::string, std::vector<int>> by_key;
  for (const std::string& delivery : deliveries->all())
    by_key[delivery.substr(0, 2)].push_back(std::stoi(delivery.substr(3)));
  ASSERT_EQ(by_key.size(), 3U);
  for (const auto& [key, positions] : by_key) {
    EXPECT_THAT(positions, SizeIs(20));
    EXPECT_TRUE(std::is_sorted(positions.begin(), positions.end())) << key;
  }
  EXPECT_EQ(committed(), 60);
}

TEST_F(PipelineStory, makes_a_dead_letter_of_what_a_sink_refuses_and_keeps_what_the_handler_did) {
  auto deliveries = std::make_shared<Deliveries>();
  deliveries->answer([](const Event&) { return Outcome::rejected; });
  sinks.push_back(
      {"hook", [deliveries] { return std::make_unique<RecordingSink>(deliveries); }, 1, {}, settings.retry});
  routes = {{{}, {0}, {0}}};
  append("Count a");
  log->finish();
  EXPECT_TRUE(start()->wait());
  EXPECT_THAT(thing("a"), HasSubstr("\"count\" : 1"));
  ASSERT_THAT(dead_letters.written(), SizeIs(1));
  EXPECT_EQ(dead_letters.written()[0].code, Code::sink_refused);
  EXPECT_THAT(dead_letters.written()[0].unapplied, ElementsAre(Unapplied{"hook", "", ""}));
}

TEST_F(PipelineStory, pauses_while_it_is_full_and_goes_on_when_there_is_room) {
  settings.max_unfinished_events = 20;
  chunk_records = 5;
  append("Count a");
  auto pipeline = start();
  wait_committed(1);
  store.set_unavailable(true);
  for (int i = 0; i < 500; ++i) append("Count b");
  wait_until([&] { return pipeline->status().reading_paused; });
  wait_until([&] { return pipeline->status().targets[0].retrying_since.has_value(); });
  EXPECT_LE(pipeline->status().unfinished_events, 25U);
  store.set_unavailable(false);
  wait_committed(501);
  EXPECT_THAT(thing("b"), HasSubstr("\"count\" : 500"));
  wait_until([&] { return !pipeline->status().reading_paused; });
}

TEST_F(PipelineStory, does_not_read_further_than_its_distance_from_a_document_that_waits) {
  settings.max_distance = 40;
  append("Follow a");
  for (int i = 0; i < 40; ++i) append("Count b");
  const TopicPartition other{"other", 0};
  log->add(other);
  auto pipeline = start();
  const auto is_paused = [&] {
    const auto partitions = pipeline->status().partitions;
    return std::any_of(partitions.begin(), partitions.end(),
                       [&](const PartitionStatus& one) { return one.partition == outbox && one.paused; });
  };
  wait_until(is_paused);
  for (int i = 0; i < 100; ++i) append("Count b");
  append("Count c", other);
  wait_until([&] { return !thing("c").empty(); });
  EXPECT_EQ(handler_calls->load(), 42) << "the other partition is read, this one is not";
  append("Put a", other);
  wait_committed(141);
  wait_until([&] { return !is_paused(); });
}

TEST_F(PipelineStory, shares_a_partition_with_another_instance) {
  for (int i = 0; i < 300; ++i) append(i % 10 == 9 ? "? bad" : "Two a" + std::to_string(i % 7));
  log->finish();
  for (std::uint32_t index = 0; index < 2; ++index) {
    settings.share = {index, 2};
    log->assign(outbox, static_cast<int>(index));
    EXPECT_TRUE(start(static_cast<int>(index))->wait());
    log->forget_commits();
  }
  int counted = 0;
  for (const auto& [id, document] : store.documents("things"))
    counted += static_cast<int>(bson::View(document.data()).find("count").as_int64().value_or(0));
  EXPECT_EQ(counted, 2 * 270);
  EXPECT_THAT(dead_letters.written(), SizeIs(30)) << "what belongs to no document is one instance's";

  settings.share = {};  // back to one: it goes on where the slower of the two was
  append("Count a0");
  handler_calls->store(0);
  log->assign(outbox, 0);
  EXPECT_TRUE(start()->wait());
  EXPECT_EQ(handler_calls->load(), 1);
}

TEST_F(PipelineStory, goes_on_at_the_journals_position_when_the_source_remembers_none) {
  for (int i = 0; i < 10; ++i) append("Count a");
  log->finish();
  EXPECT_TRUE(start()->wait());
  log->forget_commits();
  append("Count a");
  EXPECT_TRUE(start()->wait());
  EXPECT_EQ(handler_calls->load(), 11);
}

TEST_F(PipelineStory, notices_that_its_source_was_recreated) {
  for (int i = 0; i < 10; ++i) append("Count a");
  log->finish();
  EXPECT_TRUE(start()->wait());
  log->recreate();
  append("Count a");
  auto shorter = start();
  EXPECT_FALSE(shorter->wait());
  EXPECT_EQ(shorter->status().code, Code::source_recreated);
  for (int i = 0; i < 20; ++i) append("Count b");
  auto longer = start();
  EXPECT_FALSE(longer->wait());
  EXPECT_EQ(longer->status().code, Code::source_recreated) << "another record stands there";
  EXPECT_THAT(thing("b"), IsEmpty());
}

TEST_F(PipelineStory, hands_a_partition_over_without_loss_or_double) {
  settings.batch.events = 5;
  chunk_records = 7;
  log->add(outbox);
  auto one = start(0);
  auto two = start(1);
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 50; ++i) append("Two a" + std::to_string(i % 3));
    wait_until([&] { return committed() > round * 50; });
    log->assign(outbox, (round + 1) % 2);
  }
  wait_committed(1000);
  one->drain();
  two->drain();
  EXPECT_TRUE(one->wait());
  EXPECT_TRUE(two->wait());
  for (const std::string id : {"a0", "a0'", "a1", "a1'"})
    EXPECT_THAT(thing(id), HasSubstr("\"count\" : 340"));
}

}  // namespace
}  // namespace sluice::engine
