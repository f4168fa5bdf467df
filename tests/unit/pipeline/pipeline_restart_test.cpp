// Whole pipelines that end and go on, here or elsewhere.
#include <future>
#include <thread>

#include "pipeline_world.hpp"

namespace sluice::engine {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using PipelineStory = PipelineWorld;

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

TEST_F(PipelineStory, gives_up_partitions_while_it_drains) {
  append("Count a");
  auto first = start();
  wait_committed(1);
  store.set_unavailable(true);
  append("Count a");
  wait_until([&] { return first->status().targets[0].retrying_since.has_value(); });
  first->drain();
  wait_until([&] { return first->status().state == PipelineState::draining; });
  std::this_thread::sleep_for(milliseconds(100));  // the last poll for records is over
  log->assign(outbox, 1);
  EXPECT_TRUE(first->wait()) << "what is left is the other member's, although the store is away";
  store.set_unavailable(false);
  auto second = start(1);
  wait_committed(2);
  EXPECT_THAT(thing("a"), HasSubstr("\"count\" : 2"));
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
  append("Count b");
  auto shorter = start();
  EXPECT_FALSE(shorter->wait());
  EXPECT_EQ(shorter->status().code, Code::source_recreated);
  for (int i = 0; i < 20; ++i) append("Count b");
  auto longer = start();
  EXPECT_FALSE(longer->wait());
  EXPECT_EQ(longer->status().code, Code::source_recreated) << "another record stands there";
  EXPECT_THAT(thing("b"), IsEmpty());
}

TEST_F(PipelineStory, notices_while_it_runs_that_its_source_was_exchanged) {
  settings.witness_interval = milliseconds(1);
  auto running = start();
  for (int i = 0; i < 10; ++i) append("Count a");
  wait_committed(10);
  log->exchange(outbox, {.value = "Count b"});
  append("Count b");
  EXPECT_FALSE(running->wait());
  EXPECT_EQ(running->status().code, Code::source_recreated);
  EXPECT_THAT(running->status().reason, HasSubstr("another record stands at position"));
  EXPECT_FALSE(start()->wait()) << "it remembers the old log";
}

TEST_F(PipelineStory, notices_at_its_start_what_it_did_not_notice_before_its_end) {
  auto first = start();
  for (int i = 0; i < 10; ++i) append("Count a");
  wait_committed(10);
  log->exchange(outbox, {.value = "Count b"});
  append("Count b");
  wait_committed(11);
  first->halt();
  first->wait();
  auto second = start();
  EXPECT_FALSE(second->wait());
  EXPECT_EQ(second->status().code, Code::source_recreated);
}

// A save that fails after its partition was taken away must not be repeated: another may have gone on with
// it.
TEST_F(PipelineStory, saves_nothing_of_a_partition_that_it_has_lost) {
  const TopicPartition kept{"kept", 0};
  std::promise<void> asked;
  std::promise<void> taken_away;
  std::atomic<int> saves = 0;
  store.journal().inject([&](std::span<const PositionRecord>) -> Result<void> {
    if (++saves > 1) return {};
    asked.set_value();
    taken_away.get_future().wait();
    return Error{Code::store_unavailable, "away for a moment"};
  });
  auto pipeline = start();
  append("Count a");
  asked.get_future().wait();
  wait_until([&] { return !pipeline->status().partitions.empty(); });
  log->revoke(outbox);
  wait_until([&] { return pipeline->status().partitions.empty(); });
  taken_away.set_value();
  log->add(kept);
  append("Count b", kept);
  const auto recorded = [&] { return store.journal().positions("story").value(); };
  wait_until([&] { return !recorded().empty(); });
  ASSERT_EQ(recorded().size(), 1U);
  EXPECT_EQ(recorded()[0].partition, kept);
  store.journal().inject(nullptr);
  pipeline->halt();
  pipeline->wait();
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
