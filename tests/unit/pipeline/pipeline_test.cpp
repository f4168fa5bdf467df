// Whole pipelines in good days: order, sinks, limits.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "pipeline_world.hpp"

namespace sluice::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
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

TEST_F(PipelineStory, tells_its_threads_apart_by_their_names) {
  append("Count a");
  auto pipeline = start();
  wait_committed(1);
  std::set<std::string> names;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::ifstream(thread.path() / "comm") >> name;
    names.insert(name);
  }
  EXPECT_THAT(names, IsSupersetOf({"reader", "worker", "conductor", "writer"}));
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

}  // namespace
}  // namespace sluice::engine
