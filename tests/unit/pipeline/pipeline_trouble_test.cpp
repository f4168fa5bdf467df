// Whole pipelines in trouble: what is out of reach, refuses or fails.
#include "pipeline_world.hpp"

namespace sluice::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using PipelineStory = PipelineWorld;

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

TEST_F(PipelineStory, takes_back_that_positions_cannot_be_committed_also_when_nothing_more_comes) {
  append("Count a");
  auto pipeline = start();
  wait_committed(1);
  log->fail_commits_with(Error{Code::source_unavailable, "no coordinator"});
  append("Count a");
  wait_until([&] { return pipeline->status().reason == "no coordinator"; });
  log->fail_commits_with(std::nullopt);
  wait_until([&] { return pipeline->status().reason.empty(); });
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

TEST_F(PipelineStory, gives_up_waiting_in_time) {
  wait_for = milliseconds(20);
  append("Follow a");
  log->finish();
  EXPECT_TRUE(start()->wait());
  ASSERT_THAT(dead_letters.written(), SizeIs(1));
  EXPECT_EQ(dead_letters.written()[0].code, Code::wait_expired);
  EXPECT_THAT(dead_letters.written()[0].unapplied, ElementsAre(Unapplied{"lines", "things", "\"a\""}));
}

}  // namespace
}  // namespace sluice::engine
