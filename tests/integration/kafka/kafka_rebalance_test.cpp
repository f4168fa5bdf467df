// Several members of a group: who holds what, who commits what, and what becomes of one that is not heard of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "kafka_support/client.hpp"
#include "member.hpp"
#include "servers.hpp"
#include "support/wait_until.hpp"

namespace sluice::engine {
namespace {

using kafka_support::KafkaClient;
using kafka_support::Sent;
using testing::HasSubstr;

class Rebalance : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { client_.create_topic(topic_, 4); }
  std::map<std::string, OptionValue> options(std::map<std::string, OptionValue> more = {}) const {
    more.emplace("brokers", OptionTexts{kafka_brokers()});
    more.emplace("topics", OptionTexts{topic_});
    more.emplace("group", group_);
    more.emplace("assignment", GetParam());
    more.emplace("client", OptionMap{{"session.timeout.ms", "6000"}, {"heartbeat.interval.ms", "100"}});
    return more;
  }
  void append(int from, int to) {
    for (int i = from; i < to; ++i) client_.append(topic_, i % 4, {{.key = "k", .value = std::to_string(i)}});
  }
  // Both, in turn, as each must be heard of.
  static void share_evenly(Member& one, Member& other) {
    wait_until([&] {
      one.poll();
      other.poll();
      return one.held().size() == 2 && other.held().size() == 2;
    });
  }

  KafkaClient client_{kafka_brokers()};
  std::string topic_ = KafkaClient::unique("events");
  std::string group_ = KafkaClient::unique("group");
};

INSTANTIATE_TEST_SUITE_P(Kafka, Rebalance, testing::Values("eager", "cooperative"),
                         [](const auto& one) { return one.param; });

TEST_P(Rebalance, hands_origins_over_with_the_partitions) {
  Origins origins;
  ASSERT_TRUE(origins.add({.source = 1, .place = 2}));
  append(0, 40);
  Member one(options());
  ASSERT_TRUE(one.open());
  one.settle_with(origins);
  one.read(40);
  Member other(options());
  ASSERT_TRUE(other.open());
  share_evenly(one, other);
  for (const auto& [id, partition] : other.held())
    EXPECT_EQ(other.told().at(partition), (Progress{Position{10}, origins}));
}

TEST_P(Rebalance, hands_partitions_over_without_reading_anything_twice) {
  append(0, 40);
  Member one(options());
  ASSERT_TRUE(one.open());
  one.read(40);  // and settled, which is told when the partitions are taken away
  Member other(options());
  ASSERT_TRUE(other.open());
  share_evenly(one, other);
  append(40, 80);
  wait_until([&] {
    one.poll();
    other.poll();
    return one.came().size() + other.came().size() >= 80;
  });
  std::multiset<std::string> all;
  for (const Member* member : {&one, &other})
    for (const std::string& value : member->values()) all.insert(value);
  EXPECT_EQ(all.size(), 80U);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 80U);
}

TEST_P(Rebalance, takes_over_what_a_member_that_leaves_had) {
  Member one(options());
  ASSERT_TRUE(one.open());
  one.hold(4);
  Member other(options());
  ASSERT_TRUE(other.open());
  share_evenly(one, other);
  one.close();
  other.hold(4);
  append(0, 8);
  other.read(8);
}

TEST_P(Rebalance, gives_a_partition_that_comes_back_another_number_and_starts_it_unpaused) {
  Member one(options());
  ASSERT_TRUE(one.open());
  one.hold(4);
  const auto before = one.held();
  for (const auto& [id, partition] : before) one.source().pause(id);
  {
    Member other(options());
    ASSERT_TRUE(other.open());
    share_evenly(one, other);
    other.close();
  }
  one.hold(4);
  unsigned anew = 0;
  for (const auto& [id, partition] : one.held()) {
    if (!before.contains(id)) ++anew;
    if (before.contains(id)) one.source().resume(id);
  }
  EXPECT_GE(anew, 2U);
  append(0, 8);
  one.read(8);
}

TEST_P(Rebalance, goes_on_after_the_group_took_it_for_dead) {
  auto with = options();
  with["client"] = OptionMap{
      {"session.timeout.ms", "1000"}, {"heartbeat.interval.ms", "100"}, {"max.poll.interval.ms", "1000"}};
  Member sleeper(with);
  ASSERT_TRUE(sleeper.open());
  sleeper.hold(4);
  Member other(with);
  ASSERT_TRUE(other.open());
  other.hold(4);  // the sleeper is not polled: its partitions are given away
  sleeper.poll();
  share_evenly(sleeper, other);
  append(0, 8);
  wait_until([&] {
    sleeper.poll();
    other.poll();
    return sleeper.came().size() + other.came().size() == 8;
  });
}

TEST_P(Rebalance, says_that_another_process_has_its_name) {
  const auto with = options({{"instance_id", "one"}});
  Member first(with);
  ASSERT_TRUE(first.open());
  first.hold(4);
  Member second(with);
  ASSERT_TRUE(second.open());
  const auto is_out = [](const Member& one) {
    return one.error() && one.error()->code == Code::source_fatal;
  };
  wait_until([&] {
    first.poll();
    second.poll();
    return is_out(first) || is_out(second);
  });
  const Error error = is_out(first) ? *first.error() : *second.error();
  EXPECT_THAT(error.message, HasSubstr("another process runs with the same instance_id"));
}

TEST_P(Rebalance, a_static_member_that_was_shut_out_once_joins_anew) {
  const auto with = options({{"instance_id", "one"}});
  Member first(with);
  ASSERT_TRUE(first.open());
  first.hold(4);
  const auto before = first.held();
  {
    Member passing(with);
    ASSERT_TRUE(passing.open());
    passing.hold(4);
  }
  // Late words of the consumer before must not be taken for this one's.
  const auto is_new = [&](const auto& held) { return !before.contains(held.first); };
  wait_until([&] {
    first.poll();
    return first.held().size() == 4 && std::ranges::all_of(first.held(), is_new);
  });
  append(0, 8);
  first.read(8);
}

TEST_P(Rebalance, a_static_member_takes_its_place_again_at_once) {
  const auto with = options({{"instance_id", "one"}});
  {
    Member first(with);
    ASSERT_TRUE(first.open());
    first.hold(4);
  }
  Member again(with);
  ASSERT_TRUE(again.open());
  again.hold(4);
  append(0, 4);
  again.read(4);
}

}  // namespace
}  // namespace sluice::engine
