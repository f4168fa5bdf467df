// Dead letters in a topic as an independent client reads them, and what becomes of those that cannot be
// written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kafka/connector.hpp"
#include "kafka_support/client.hpp"
#include "servers.hpp"
#include "support/wait_until.hpp"

namespace sluice::engine {
namespace {

using kafka_support::KafkaClient;
using kafka_support::Read;
using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

DeadLetter letter(std::int64_t position) {
  DeadLetter letter;
  letter.pipeline = "activity";
  letter.topic = "postgres.activity.event_outbox";
  letter.partition = 2;
  letter.position = Position{position};
  letter.key = "key";
  letter.value = "value";
  letter.headers = {{"eventType", "UserCreated"},
                    {"__connect.errors.topic", "of an older failure"},
                    {"__connect.errors.stage", "of an older failure"}};
  letter.timestamp = Timestamp(milliseconds(1'763'700'000'123));
  letter.code = Code::handler_rejected;
  letter.reason = "no email";
  letter.failed_at = Timestamp(microseconds(1'763'700'001'000'001));
  return letter;
}

std::unique_ptr<DeadLetters> make(const std::string& topic, OptionMap create = {}, OptionMap client = {},
                                  const Options* source = nullptr) {
  const RoleSpec<DeadLetters>& role = *kafka::connector().dead_letters;
  Options options = default_options(role.options);
  options.set("brokers", OptionTexts{kafka_brokers()});
  options.set("topic", topic);
  options.set("create", std::move(create));
  options.set("client", std::move(client));
  return role.make(options, {.pipeline = "activity", .share = {}, .source = source});
}

const OptionMap one_partition{{"partitions", "1"}, {"replication", "1"}};

class KafkaLetters : public testing::Test {
 protected:
  KafkaClient client_{kafka_brokers()};
  std::string topic_ = KafkaClient::unique("dead");
};

TEST_F(KafkaLetters, carry_the_record_and_the_headers_of_kafka_connect_once) {
  const auto letters = make(topic_, one_partition);
  ASSERT_TRUE(letters->open());
  ASSERT_TRUE(letters->write(std::vector{letter(7)}));
  const auto all = client_.read_all(topic_);
  ASSERT_EQ(all.size(), 1U);
  const auto& record = all[0].record;
  EXPECT_EQ(record.key, "key");
  EXPECT_EQ(record.value, "value");
  EXPECT_EQ(record.timestamp, 1'763'700'000'123);
  const auto has = [&](const std::string& name, const std::string& value) {
    EXPECT_THAT(record.headers, Contains(Pair(name, std::optional(value))));
    EXPECT_EQ(std::ranges::count(record.headers, name, [](const auto& one) { return one.first; }), 1) << name;
  };
  has("eventType", "UserCreated");
  has("__connect.errors.topic", "postgres.activity.event_outbox");
  has("__connect.errors.partition", "2");
  has("__connect.errors.offset", "7");
  has("__connect.errors.connector.name", "activity");
  has("__connect.errors.task.id", "0");
  has("__connect.errors.stage", "TRANSFORMATION");
  has("__connect.errors.exception.message", "no email");
}

TEST_F(KafkaLetters, of_one_key_stand_in_one_partition) {
  const auto letters = make(topic_, {{"partitions", "5"}, {"replication", "1"}});
  ASSERT_TRUE(letters->open());
  std::vector<DeadLetter> many;
  for (int i = 0; i < 50; ++i) {
    many.push_back(letter(i));
    many.back().key = "key " + std::to_string(i % 10);
  }
  ASSERT_TRUE(letters->write(many));
  std::map<std::string, std::set<std::int32_t>> places;
  std::set<std::int32_t> used;
  for (const Read& read : client_.read_all(topic_)) {
    places[*read.record.key].insert(read.partition);
    used.insert(read.partition);
  }
  for (const auto& [key, partitions] : places) EXPECT_EQ(partitions.size(), 1U) << key;
  EXPECT_GT(used.size(), 1U);
}

TEST_F(KafkaLetters, need_a_topic_that_is_there_or_leave_to_make_it) {
  const auto opened = make(topic_)->open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::dead_letters_fatal);
  EXPECT_THAT(opened.error().message, HasSubstr("dead_letters.kafka.create"));

  const auto impossible = make(topic_, {{"partitions", "1"}, {"replication", "9"}})->open();
  ASSERT_FALSE(impossible);
  EXPECT_THAT(impossible.error().message, HasSubstr("create.replication must not exceed"));

  EXPECT_EQ(client_.partitions(topic_), 0) << "nobody was asked to make it";

  EXPECT_TRUE(make(topic_, one_partition)->open());
  EXPECT_TRUE(make(topic_, one_partition)->open());
  EXPECT_TRUE(make(topic_)->open());
}

TEST_F(KafkaLetters, make_their_topic_as_they_were_told) {
  ASSERT_TRUE(
      make(topic_, {{"partitions", "5"}, {"replication", "1"}, {"segment.bytes", "1048576"}})->open());
  EXPECT_EQ(client_.partitions(topic_), 5);
  EXPECT_EQ(client_.setting(topic_, "segment.bytes"), "1048576");
  EXPECT_EQ(client_.setting(topic_, "retention.ms"), "-1");
  EXPECT_EQ(client_.setting(topic_, "max.message.bytes"), "67108864");
}

TEST_F(KafkaLetters, wait_for_a_topic_that_was_deleted_under_them) {
  client_.create_topic(topic_);
  const auto letters = make(topic_);
  ASSERT_TRUE(letters->open());
  ASSERT_TRUE(letters->write(std::vector{letter(1)}));
  client_.delete_topic(topic_);
  wait_until([&] {  // the broker takes some for the old one until that is gone
    const auto written = letters->write(std::vector{letter(2)});
    if (written) return false;
    EXPECT_EQ(written.error().code, Code::dead_letters_unavailable) << written.error().message;
    return written.error().message.find("there is no topic \"" + topic_ + "\" for dead letters: make it") !=
           std::string::npos;
  });
  EXPECT_EQ(client_.partitions(topic_), 0) << "nobody was asked to make it";

  client_.create_topic(topic_);
  wait_until([&] { return letters->write(std::vector{letter(3)}).ok(); });
  EXPECT_FALSE(client_.read_all(topic_).empty());
}

TEST_F(KafkaLetters, make_a_topic_anew_that_was_deleted_under_them) {
  const auto letters = make(topic_, {{"partitions", "5"}, {"replication", "1"}});
  ASSERT_TRUE(letters->open());
  ASSERT_TRUE(letters->write(std::vector{letter(1)}));
  client_.delete_topic(topic_);
  wait_until([&] { return client_.partitions(topic_) == 0; });
  wait_until([&] {  // the broker takes some for the old one until that is gone
    return letters->write(std::vector{letter(2)}).ok() && client_.partitions(topic_) != 0;
  });
  EXPECT_EQ(client_.partitions(topic_), 5);
  EXPECT_EQ(client_.setting(topic_, "retention.ms"), "-1");
  EXPECT_FALSE(client_.read_all(topic_).empty());
}

TEST_F(KafkaLetters, say_that_a_letter_is_too_large_for_the_topic) {
  const auto letters =
      make(topic_, {{"partitions", "1"}, {"replication", "1"}, {"max.message.bytes", "10000"}});
  ASSERT_TRUE(letters->open());
  DeadLetter large = letter(1);
  large.value = std::string(50'000, 'x');
  const auto written = letters->write(std::vector{large});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Code::dead_letters_fatal);
  EXPECT_THAT(written.error().message, HasSubstr("raise max.message.bytes"));
  EXPECT_TRUE(letters->write(std::vector{letter(2)}));
}

TEST_F(KafkaLetters, are_unavailable_while_the_broker_is_and_durable_after) {
  const auto letters = make(topic_, one_partition);
  ASSERT_TRUE(letters->open());
  kafka_services().stop("kafka");
  const auto written = letters->write(std::vector{letter(1)});
  kafka_services().start("kafka");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Code::dead_letters_unavailable);
  ASSERT_TRUE(letters->write(std::vector{letter(1)}));
  std::size_t seen = 0;
  ASSERT_TRUE(letters->read([&](const DeadLetter& one) {
    ++seen;
    EXPECT_EQ(one.id(), letter(1).id());
    return true;
  }));
  EXPECT_EQ(seen, 1U);
}

TEST_F(KafkaLetters, are_not_written_where_the_pipeline_reads_however_the_brokers_are_named) {
  Options source = default_options(kafka::connector().source->options);
  source.set("brokers", OptionTexts{"localhost:" + kafka_brokers().substr(kafka_brokers().find(':') + 1)});
  source.set("topics", OptionTexts{"^dead-.*"});
  const auto opened = make(topic_, one_partition, {}, &source)->open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::dead_letters_fatal);
  EXPECT_THAT(opened.error().message, HasSubstr("would read its own dead letters"));
  EXPECT_EQ(client_.partitions(topic_), 0);
}

TEST_F(KafkaLetters, may_have_the_name_of_a_topic_that_is_read_from_another_cluster) {
  const Services elsewhere{{"kafka"}};
  Options source = default_options(kafka::connector().source->options);
  source.set("brokers", OptionTexts{elsewhere.address("KAFKA_BOOTSTRAP_SERVERS")});
  source.set("topics", OptionTexts{topic_});
  const auto letters = make(topic_, one_partition, {}, &source);
  const auto opened = letters->open();
  ASSERT_TRUE(opened) << opened.error().message;
  DeadLetter same_name = letter(1);
  same_name.topic = topic_;
  EXPECT_TRUE(letters->write(std::vector{same_name}));
}

TEST_F(KafkaLetters, wait_while_nobody_says_whether_they_would_be_read) {
  Options source = default_options(kafka::connector().source->options);
  source.set("brokers", OptionTexts{"127.0.0.1:1"});
  source.set("topics", OptionTexts{topic_});
  const auto opened = make(topic_, one_partition, {}, &source)->open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::dead_letters_unavailable);
  EXPECT_THAT(opened.error().message, HasSubstr("cannot be told before the brokers of both answer"));
}

TEST_F(KafkaLetters, pass_over_what_others_have_written) {
  const auto letters = make(topic_, one_partition);
  ASSERT_TRUE(letters->open());
  client_.append(topic_, 0,
                 {{.key = "k", .value = "of Kafka Connect", .headers = {{"__connect.errors.topic", "t"}}}});
  ASSERT_TRUE(letters->write(std::vector{letter(1)}));
  std::size_t seen = 0;
  ASSERT_TRUE(letters->read([&](const DeadLetter&) {
    ++seen;
    return true;
  }));
  EXPECT_EQ(seen, 1U);
}

}  // namespace
}  // namespace sluice::engine
