#include "pipeline/start_position.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::engine {
namespace {

using testing::HasSubstr;

const TopicPartition orders{"orders", 0};
constexpr Share whole{0, 1};

PositionRecord record(Share share, std::int64_t next, std::uint64_t checksum = 0) {
  return {orders, share, {next}, {{next - 1}, checksum}};
}

std::int64_t start(std::vector<PositionRecord> records, Share share) {
  const auto found = start_record(records, orders, share);
  return found ? found->next.value : -1;
}

TEST(StartPosition, is_the_sources_choice_when_nothing_is_known) { EXPECT_EQ(start({}, whole), -1); }

TEST(StartPosition, is_where_this_share_got_to) { EXPECT_EQ(start({record(whole, 40)}, whole), 40); }

TEST(StartPosition, does_not_look_at_other_partitions) {
  PositionRecord other = record(whole, 40);
  other.partition.partition = 1;
  EXPECT_EQ(start({other}, whole), -1);
  other.partition = {"invoices", 0};
  EXPECT_EQ(start({other}, whole), -1);
}

TEST(StartPosition, is_what_the_group_has_committed_unless_the_record_was_set_by_hand) {
  EXPECT_EQ(start_position(std::nullopt, Position{7}), Position{7});
  EXPECT_EQ(start_position(record(whole, 40, 1), Position{45}), Position{45});
  EXPECT_EQ(start_position(record(whole, 40, 1), std::nullopt), Position{40});
  EXPECT_EQ(start_position(record(whole, 0), Position{45}), Position{0}) << "set by hand";
  EXPECT_EQ(start_position(std::nullopt, std::nullopt), std::nullopt);
}

TEST(StartPosition, of_a_new_layout_is_that_of_the_slowest_share_of_the_old_one) {
  const std::vector<PositionRecord> halves{record({0, 2}, 70), record({1, 2}, 50)};
  EXPECT_EQ(start(halves, whole), 50);
  EXPECT_EQ(start(halves, {2, 3}), 50);
}

TEST(StartPosition, does_not_trust_a_layout_of_which_a_share_has_not_been_heard) {
  EXPECT_EQ(start({record({0, 2}, 70)}, whole), -1);
}

TEST(StartPosition, of_the_same_share_goes_on_by_itself_even_if_others_are_slow) {
  EXPECT_EQ(start({record({0, 2}, 70), record({1, 2}, 50)}, {0, 2}), 70);
}

TEST(StartPosition, is_the_furthest_of_all_that_is_known_to_be_settled) {
  const std::vector<PositionRecord> history{record(whole, 30), record({0, 2}, 70), record({1, 2}, 50)};
  EXPECT_EQ(start(history, whole), 50) << "back to one: the halves have gone on since";
  const std::vector<PositionRecord> unfinished{record(whole, 90), record({0, 2}, 95), record({1, 2}, 91)};
  EXPECT_EQ(start(unfinished, {0, 3}), 91);
}

Origins origins_of(std::uint64_t place) {
  Origins origins;
  EXPECT_TRUE(origins.add({.place = place}));
  return origins;
}

TEST(StartPosition, takes_the_origins_that_belong_to_the_position) {
  PositionRecord recorded = record(whole, 40, 123);
  recorded.origins = origins_of(40);
  EXPECT_EQ(start_progress(recorded, std::nullopt), (Progress{{40}, origins_of(40)}));
  EXPECT_EQ(start_progress(recorded, Progress{{30}, origins_of(30)}), (Progress{{30}, origins_of(30)}));
  EXPECT_EQ(start_progress(recorded, Progress{{30}}), Progress{{30}}) << "set by Kafka's own tools";
  EXPECT_EQ(start_progress(std::nullopt, Progress{{30}, origins_of(30)}), (Progress{{30}, origins_of(30)}));
  EXPECT_EQ(start_progress(std::nullopt, std::nullopt), std::nullopt);
}

TEST(StartPosition, finds_origins_in_the_journal_that_the_source_has_lost) {
  PositionRecord recorded = record(whole, 40, 123);
  recorded.origins = origins_of(40);
  EXPECT_EQ(start_progress(recorded, Progress{{40}}), (Progress{{40}, origins_of(40)}));
}

TEST(StartPosition, has_no_origins_where_it_was_set_by_hand) {
  EXPECT_EQ(start_progress(record(whole, 10), Progress{{40}, origins_of(40)}), Progress{{10}});
  EXPECT_EQ(start_progress(record(whole, 40), Progress{{40}, origins_of(40)}), Progress{{40}});
}

TEST(StartPosition, holds_when_the_source_shows_the_same_record) {
  EXPECT_TRUE(check_log(record(whole, 10, 123), {Position{50}, 123}, "p"));
}

TEST(StartPosition, holds_when_the_source_cannot_tell) {
  EXPECT_TRUE(check_log(record(whole, 10, 123), {std::nullopt, std::nullopt}, "p"));
  EXPECT_TRUE(check_log(record(whole, 10, 0), {Position{10}, 99}, "p")) << "no checksum was kept";
}

TEST(StartPosition, does_not_hold_when_the_source_ends_before_it) {
  const auto held = check_log(record(whole, 10, 123), {Position{9}, std::nullopt}, "billing");
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, Code::source_recreated);
  EXPECT_THAT(held.error().message, HasSubstr("\"orders\" partition 0"));
  EXPECT_THAT(held.error().message, HasSubstr("ends at position 9"));
  EXPECT_THAT(held.error().message, HasSubstr("sluice positions reset"));
  EXPECT_THAT(held.error().message, HasSubstr("--pipeline billing"));
}

TEST(StartPosition, does_not_hold_when_the_source_ends_before_its_witness) {
  PositionRecord behind = record(whole, 10, 123);
  behind.witness.position = {20};
  EXPECT_TRUE(check_log(behind, {Position{21}, 123}, "p"));
  EXPECT_FALSE(check_log(behind, {Position{20}, std::nullopt}, "p"));
}

TEST(StartPosition, does_not_hold_when_another_record_stands_there) {
  const auto held = check_log(record(whole, 10, 123), {Position{50}, 124}, "p");
  ASSERT_FALSE(held);
  EXPECT_THAT(held.error().message, HasSubstr("another record stands at position 9"));
}

}  // namespace
}  // namespace sluice::engine
