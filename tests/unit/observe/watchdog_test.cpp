#include "observe/watchdog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/manual_clock.hpp"

namespace sluice::engine {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class WatchdogTest : public testing::Test {
 protected:
  WatchdogTest() {
    status.state = PipelineState::running;
    PartitionStatus& partition = status.partitions.emplace_back();
    partition.partition = {"outbox", 3};
    partition.next = {20};
    partition.safe = {17};
    partition.unfinished = 3;
    partition.read = partition.handled = 20;
    status.targets.emplace_back().name = "store";
  }

  PartitionStatus& partition() { return status.partitions.front(); }
  TargetStatus& store() { return status.targets.front(); }
  Watchdog::News look() { return watchdog.look(status, clock.now(), clock.wall()); }
  Watchdog::News look_after(std::chrono::nanoseconds time) {
    clock.advance(time);
    return look();
  }
  // Whether nothing is said of the status for a long time.
  void expect_silence() {
    for (int i = 0; i < 5; ++i) EXPECT_THAT(look_after(30s).begun, IsEmpty());
    EXPECT_THAT(watchdog.stalls(), IsEmpty());
  }

  ManualClock clock;
  PipelineStatus status;
  Watchdog watchdog{60s};
};

TEST_F(WatchdogTest, names_a_partition_once_that_has_work_and_stands_still) {
  const Timestamp start = clock.wall();
  EXPECT_THAT(look().begun, IsEmpty());
  EXPECT_THAT(look_after(59s).begun, IsEmpty());
  const Watchdog::News news = look_after(1s);
  ASSERT_THAT(news.begun, SizeIs(1));
  EXPECT_EQ(news.begun[0].what(), "partition outbox/3 stands at 17");
  EXPECT_EQ(news.begun[0].since, start);
  EXPECT_THAT(look_after(60s).begun, IsEmpty());
  ASSERT_THAT(watchdog.stalls(), SizeIs(1));
  EXPECT_EQ(watchdog.stalls()[0].since, start);
}

TEST_F(WatchdogTest, says_once_that_a_stall_is_over) {
  look();
  look_after(60s);
  partition().safe = {18};
  partition().unfinished = 2;
  const Watchdog::News news = look_after(1s);
  EXPECT_THAT(news.ended, SizeIs(1));
  EXPECT_THAT(watchdog.stalls(), IsEmpty());
  EXPECT_THAT(look_after(1s).ended, IsEmpty());
}

TEST_F(WatchdogTest, takes_a_partition_that_is_gone_for_no_longer_stalled) {
  look();
  look_after(60s);
  status.partitions.clear();
  EXPECT_THAT(look_after(1s).ended, SizeIs(1));
  EXPECT_THAT(watchdog.stalls(), IsEmpty());
}

TEST_F(WatchdogTest, lets_progress_of_any_kind_count) {
  look();
  for (int i = 0; i < 10; ++i) {
    partition().next = {partition().next.value + 1};  // the safe position does not move
    EXPECT_THAT(look_after(59s).begun, IsEmpty());
  }
}

TEST_F(WatchdogTest, sees_records_that_no_worker_gives_back) {
  partition().unfinished = 0;
  partition().read = 25;
  look();
  EXPECT_THAT(look_after(60s).begun, SizeIs(1));
}

TEST_F(WatchdogTest, is_content_when_there_is_no_work) {
  partition().unfinished = 0;
  expect_silence();
}

TEST_F(WatchdogTest, lets_changes_wait_for_their_documents) {
  partition().waiting = 3;
  expect_silence();
}

TEST_F(WatchdogTest, sees_what_stands_still_beside_changes_that_wait) {
  partition().waiting = 2;
  look();
  EXPECT_THAT(look_after(60s).begun, SizeIs(1));
}

TEST_F(WatchdogTest, calls_nothing_stalled_while_the_store_is_tried_again) {
  store().retrying_since = clock.wall();
  store().busy_since = clock.wall();
  expect_silence();
}

TEST_F(WatchdogTest, calls_nothing_stalled_while_the_source_or_the_dead_letters_are_tried_again) {
  status.source_retrying = Retrying{clock.wall(), "refused"};
  expect_silence();
  status.source_retrying.reset();
  status.dead_letters_retrying = Retrying{clock.wall(), "refused"};
  expect_silence();
}

TEST_F(WatchdogTest, gives_a_store_that_came_back_its_time) {
  look();
  store().retrying_since = clock.wall();
  look_after(59s);
  store().retrying_since.reset();
  EXPECT_THAT(look_after(1s).begun, IsEmpty());
  EXPECT_THAT(look_after(59s).begun, IsEmpty());
  EXPECT_THAT(look_after(1s).begun, SizeIs(1));
}

TEST_F(WatchdogTest, names_a_writer_that_does_not_come_back_with_its_change) {
  partition().unfinished = 0;
  store().busy_since = clock.wall();
  const Timestamp since = clock.wall();
  look();
  store().busy_with = "users \"a\", event e-1 (UserCreated)";
  const Watchdog::News news = look_after(60s);
  ASSERT_THAT(news.begun, SizeIs(1));
  EXPECT_EQ(news.begun[0].what(),
            "a writer of the store does not come back with users \"a\", event e-1 (UserCreated)");
  EXPECT_EQ(news.begun[0].since, since);
}

TEST_F(WatchdogTest, is_content_with_writers_that_come_and_go) {
  partition().unfinished = 0;
  for (int i = 0; i < 10; ++i) {
    store().busy_since = clock.wall();
    EXPECT_THAT(look_after(59s).begun, IsEmpty());
  }
}

TEST_F(WatchdogTest, does_not_mind_a_calendar_that_jumps) {
  look();
  clock.set_wall(clock.wall() + std::chrono::hours(24));
  EXPECT_THAT(look_after(1s).begun, IsEmpty());
}

TEST_F(WatchdogTest, has_nothing_to_say_of_a_pipeline_that_has_ended) {
  look();
  look_after(60s);
  status.state = PipelineState::failed;
  EXPECT_THAT(look_after(1s).ended, SizeIs(1));
  expect_silence();
}

}  // namespace
}  // namespace sluice::engine
