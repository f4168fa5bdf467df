// What a source of Kafka does beyond what every source does: positions of the group as others see them,
// beginnings, gaps, timestamps, patterns, topics that are not there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kafka_support/client.hpp"
#include "member.hpp"
#include "servers.hpp"
#include "support/wait_until.hpp"

namespace sluice::engine {
namespace {

using kafka_support::KafkaClient;
using kafka_support::Sent;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::vector<Sent> numbered(int from, int to) {
  std::vector<Sent> records;
  for (int i = from; i < to; ++i) records.push_back({.key = "k", .value = std::to_string(i)});
  return records;
}

class KafkaSource : public testing::Test {
 protected:
  std::map<std::string, OptionValue> options(std::map<std::string, OptionValue> more = {}) const {
    more.emplace("brokers", OptionTexts{kafka_brokers()});
    more.emplace("topics", OptionTexts{topic_});
    more.emplace("group", group_);
    return more;
  }
  std::int64_t committed(int partition = 0) {
    return client_.committed(group_, topic_, partition).value_or(-1);
  }

  KafkaClient client_{kafka_brokers()};
  std::string topic_ = KafkaClient::unique("events");
  std::string group_ = KafkaClient::unique("group");
};

TEST_F(KafkaSource, commits_what_is_settled_and_only_that) {
  client_.create_topic(topic_);
  client_.append(topic_, 0, numbered(0, 10));
  Member member(options());
  ASSERT_TRUE(member.open());
  member.read(10);
  EXPECT_EQ(committed(), -1);
  const PartitionId id = member.held().begin()->first;
  const SafePosition fourth{id, {Position{4}}};
  ASSERT_TRUE(member.source().commit({&fourth, 1}));
  wait_until([&] { return committed() == 4; });
  member.close();
  EXPECT_EQ(committed(), 4);

  Member next(options());
  ASSERT_TRUE(next.open());
  next.read(6);
  EXPECT_EQ(next.came().front().offset, 4);
}

TEST_F(KafkaSource, keeps_origins_with_the_committed_position_until_somebody_moves_it) {
  Origins origins;
  ASSERT_TRUE(origins.add({7, 26'511'848, 26'512'032, Timestamp(std::chrono::seconds(1'795'248'397)), 11}));
  client_.create_topic(topic_);
  client_.append(topic_, 0, numbered(0, 10));
  {
    Member member(options());
    ASSERT_TRUE(member.open());
    member.settle_with(origins);
    member.read(10);
    member.commit();
    member.close();
  }
  {
    Member next(options());
    ASSERT_TRUE(next.open());
    next.hold(1);
    EXPECT_EQ(next.told().at({topic_, 0}), (Progress{Position{10}, origins}));
    next.close();
  }
  client_.commit(group_, topic_, 0, 10);
  Member moved(options());
  ASSERT_TRUE(moved.open());
  moved.hold(1);
  EXPECT_EQ(moved.told().at({topic_, 0}), Progress{Position{10}});
}

TEST_F(KafkaSource, commits_before_it_leaves) {
  client_.create_topic(topic_);
  client_.append(topic_, 0, numbered(0, 10));
  Member member(options());
  ASSERT_TRUE(member.open());
  member.read(10);
  member.commit();
  member.close();
  EXPECT_EQ(committed(), 10);
}

TEST_F(KafkaSource, takes_no_lag_for_markers_of_transactions) {
  client_.create_topic(topic_);
  client_.append_in_transaction(topic_, 0, numbered(0, 3), true);
  client_.append_in_transaction(topic_, 0, numbered(3, 6), false);
  client_.append_in_transaction(topic_, 0, numbered(6, 9), true);
  client_.append_in_transaction(topic_, 0, numbered(9, 12), false);
  Member member(options());
  ASSERT_TRUE(member.open());
  member.read(6);
  EXPECT_THAT(member.values(), ElementsAre("0", "1", "2", "6", "7", "8"));
  wait_until([&] {
    member.poll();
    member.commit();
    return committed() == client_.end(topic_, 0);
  });
  EXPECT_THAT(member.came(), SizeIs(6));
}

TEST_F(KafkaSource, reads_what_was_aborted_when_told_to) {
  client_.create_topic(topic_);
  client_.append_in_transaction(topic_, 0, numbered(0, 3), false);
  Member member(options({{"isolation", "read_uncommitted"}}));
  ASSERT_TRUE(member.open());
  EXPECT_THAT(member.read(3), SizeIs(3));
}

TEST_F(KafkaSource, begins_at_the_end_when_told_to_and_remembers_that) {
  client_.create_topic(topic_);
  client_.append(topic_, 0, numbered(0, 5));
  {
    Member member(options({{"start", "latest"}}));
    ASSERT_TRUE(member.open());
    member.hold(1);
    wait_until([&] {
      member.poll();
      return committed() == 5;
    });
    client_.append(topic_, 0, numbered(5, 8));
    member.read(3);
    EXPECT_THAT(member.values(), ElementsAre("5", "6", "7"));
    member.close();
  }
  // Nothing of it was settled: a new start must not skip it.
  Member again(options({{"start", "latest"}}));
  ASSERT_TRUE(again.open());
  again.read(3);
  EXPECT_THAT(again.values(), ElementsAre("5", "6", "7"));
}

TEST_F(KafkaSource, refuses_to_guess_a_beginning_when_told_to) {
  client_.create_topic(topic_);
  Member member(options({{"start", "error"}}));
  ASSERT_TRUE(member.open());
  const Error error = member.read_until_fatal();
  EXPECT_EQ(error.code, Code::source_fatal);
  EXPECT_THAT(error.message, HasSubstr("set source.kafka.start"));
}

TEST_F(KafkaSource, asks_the_store_before_it_takes_a_beginning_of_its_own) {
  client_.create_topic(topic_);
  client_.append(topic_, 0, numbered(0, 5));
  Member member(options({{"start", "error"}}));
  member.begin_at(3);
  ASSERT_TRUE(member.open());
  member.read(2);
  EXPECT_THAT(member.values(), ElementsAre("3", "4"));
}

TEST_F(KafkaSource, moves_the_group_to_where_the_pipeline_was_moved) {
  client_.create_topic(topic_);
  client_.append(topic_, 0, numbered(0, 10));
  client_.commit(group_, topic_, 0, 8);
  Member member(options());
  member.moved_to(2);
  ASSERT_TRUE(member.open());
  member.hold(1);
  EXPECT_EQ(committed(), 2);
  member.read(8);
  member.commit();
  member.close();
  EXPECT_EQ(committed(), 10);
}

TEST_F(KafkaSource, stops_where_the_broker_has_deleted_what_was_to_be_read) {
  client_.create_topic(topic_);
  client_.append(topic_, 0, numbered(0, 10));
  client_.delete_records(topic_, 0, 6);
  client_.commit(group_, topic_, 0, 2);
  Member member(options());
  ASSERT_TRUE(member.open());
  const Error error = member.read_until_fatal();
  EXPECT_EQ(error.code, Code::source_fatal);
  EXPECT_THAT(error.message, HasSubstr("begins at position 6, but 2 was to be read next"));
  EXPECT_THAT(error.message, HasSubstr("sluice positions reset"));
}

TEST_F(KafkaSource, goes_on_behind_what_was_deleted_when_told_to) {
  client_.create_topic(topic_, 2);
  client_.append(topic_, 0, numbered(0, 10));
  client_.append(topic_, 1, numbered(100, 103));
  client_.delete_records(topic_, 0, 6);
  client_.commit(group_, topic_, 0, 2);
  for (const char* assignment : {"eager", "cooperative"}) {
    Member member(options({{"out_of_range", "earliest"}, {"assignment", assignment}}));
    ASSERT_TRUE(member.open());
    member.read(7);
    EXPECT_THAT(member.values(), testing::UnorderedElementsAre("6", "7", "8", "9", "100", "101", "102"))
        << assignment;
  }
  Member member(options({{"out_of_range", "latest"}}));
  ASSERT_TRUE(member.open());
  member.read(3);
  client_.append(topic_, 0, numbered(10, 11));
  member.read(4);
  EXPECT_EQ(member.values().back(), "10");
}

TEST_F(KafkaSource, takes_a_position_beyond_the_end_for_another_topic) {
  client_.create_topic(topic_);
  client_.append(topic_, 0, numbered(0, 3));
  client_.commit(group_, topic_, 0, 50);
  Member member(options({{"out_of_range", "earliest"}}));
  ASSERT_TRUE(member.open());
  const Error error = member.read_until_fatal();
  EXPECT_EQ(error.code, Code::source_recreated);
  EXPECT_THAT(error.message, HasSubstr("ends at position 3, but 50 was to be read next"));
}

TEST_F(KafkaSource, confirms_no_record_that_was_deleted) {
  client_.create_topic(topic_);
  client_.append(topic_, 0, numbered(0, 10));
  client_.delete_records(topic_, 0, 6);
  Member member(options());
  ASSERT_TRUE(member.open());
  member.read(4);
  const PartitionId id = member.held().begin()->first;
  const auto deleted = member.source().check(id, Position{3});
  ASSERT_TRUE(deleted) << deleted.error().message;
  EXPECT_EQ(deleted->checksum, std::nullopt);
  EXPECT_EQ(deleted->end, Position{10});
  const auto there = member.source().check(id, Position{7});
  ASSERT_TRUE(there);
  EXPECT_NE(there->checksum, std::nullopt);
}

TEST_F(KafkaSource, reads_over_the_gaps_of_a_compacted_topic) {
  client_.create_topic(topic_, 1,
                       {{"cleanup.policy", "compact"},
                        {"segment.ms", "50"},
                        {"min.cleanable.dirty.ratio", "0.01"},
                        {"max.compaction.lag.ms", "100"}});
  for (int i = 0; i < 20; ++i) client_.append(topic_, 0, {{.key = "same", .value = std::to_string(i)}});
  client_.append(topic_, 0, {{.key = "gone", .value = "x"}, {.key = "gone", .value = std::nullopt}});
  wait_until([&] {
    client_.append(topic_, 0, {{.key = "other", .value = "rolls the segment"}});
    return client_.read_all(topic_).front().offset > 0;
  });
  const auto left = client_.read_all(topic_);
  Member member(options());
  ASSERT_TRUE(member.open());
  member.read(left.size());
  EXPECT_EQ(member.came().front().offset, left.front().offset);
  EXPECT_EQ(member.came().back().offset, left.back().offset);
}

TEST_F(KafkaSource, tells_who_set_a_timestamp) {
  client_.create_topic(topic_, 1, {{"message.timestamp.type", "CreateTime"}});
  const std::string appended = KafkaClient::unique("appended");
  client_.create_topic(appended, 1, {{"message.timestamp.type", "LogAppendTime"}});
  client_.append(topic_, 0, {{.value = "a", .timestamp = 1'763'700'000'123}});
  client_.append(appended, 0, {{.value = "b", .timestamp = 1'763'700'000'123}});
  Member member(options({{"topics", OptionTexts{topic_, appended}}}));
  ASSERT_TRUE(member.open());
  member.read(2);
  for (const Came& came : member.came()) {
    const bool created = came.partition.topic == topic_;
    EXPECT_EQ(came.kind, created ? TimestampKind::create : TimestampKind::log_append);
    EXPECT_EQ(came.timestamp == Timestamp(milliseconds(1'763'700'000'123)), created);
  }
}

TEST_F(KafkaSource, knows_no_time_of_a_record_whose_producer_counted_nanoseconds) {
  client_.create_topic(topic_);
  client_.append(topic_, 0, {{.value = "a", .timestamp = 1'763'700'000'123'456'789}});
  Member member(options());
  ASSERT_TRUE(member.open());
  member.read(1);
  EXPECT_EQ(member.came().front().kind, TimestampKind::none);
}

TEST_F(KafkaSource, reads_all_topics_of_a_pattern_and_finds_new_ones) {
  const std::string prefix = KafkaClient::unique("many");
  const auto with = options({{"topics", OptionTexts{"^" + prefix + "\\..*"}},
                             {"client", OptionMap{{"topic.metadata.refresh.interval.ms", "200"}}}});
  Member member(with);
  ASSERT_TRUE(member.open());  // nothing matches yet
  client_.create_topic(prefix + ".one");
  client_.append(prefix + ".one", 0, numbered(0, 2));
  member.read(2);
  client_.create_topic(prefix + ".two");
  client_.append(prefix + ".two", 0, numbered(2, 4));
  member.read(4);
  EXPECT_EQ(member.came().back().partition.topic, prefix + ".two");
}

TEST_F(KafkaSource, says_which_topic_is_missing) {
  Member member(options());
  const auto opened = member.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::source_fatal);
  EXPECT_THAT(opened.error().message, HasSubstr("there is no topic \"" + topic_ + '"'));
}

TEST_F(KafkaSource, gives_each_share_a_group_of_its_own) {
  client_.create_topic(topic_);
  client_.append(topic_, 0, numbered(0, 3));
  Member member(options(), {.pipeline = "p", .share = {1, 3}, .source = nullptr});
  ASSERT_TRUE(member.open());
  member.read(3);
  member.commit();
  member.close();
  EXPECT_EQ(client_.committed(group_ + ".1-of-3", topic_, 0), 3);
}

}  // namespace
}  // namespace sluice::engine
