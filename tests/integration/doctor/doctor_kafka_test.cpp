// What the doctor finds in Kafka: in the source and in the place of dead letters.
#include "doctor_scene.hpp"

namespace sluice::engine {
namespace {

using kafka_support::KafkaClient;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using DoctorOfKafka = DoctorScene;

TEST_F(DoctorOfKafka, finds_nothing_wrong_with_what_is_well) {
  const Said said = examine();
  EXPECT_EQ(said.status, healthy);
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("No problem, no warning."), HasSubstr("Records are keyed by their aggregate"),
                    HasSubstr("3 records, 3 events: 1 ActivityCreated, 1 ParticipantJoined, 1 UserCreated"),
                    HasSubstr("(LogAppendTime)"), HasSubstr("not begun yet; the end is 3 positions away")));
}

TEST_F(DoctorOfKafka, leaves_no_trace) {
  const std::string planned = KafkaClient::unique("planned");
  const Said said =
      examine({{"letters", "topic: " + planned + ", create: { partitions: 3, replication: 1 }"}});
  EXPECT_THAT(said.text, HasSubstr("Made at the first start, with 3 partitions, the broker says"));
  for (const int partition : {0, 1}) EXPECT_EQ(client_.committed(group_, topic_, partition), std::nullopt);
  EXPECT_TRUE(client_.read_all(letters_).empty());
  EXPECT_EQ(client_.end(topic_, 0), 3);
  // A topic that was made would now be found.
  EXPECT_THAT(examine({{"letters", "topic: " + planned}}).text,
              HasSubstr("There is no such topic, and nothing says"));
}

TEST_F(DoctorOfKafka, tells_of_a_broker_that_does_not_answer) {
  expect_problem(examine({{"brokers", "\"127.0.0.1:1\""}}),
                 "broker 127.0.0.1:1: Does not let us in or does not answer",
                 "See that a broker listens there");
  expect_warning(examine({{"brokers", "\"127.0.0.1:1\", \"" + brokers() + '"'}}),
                 "broker 127.0.0.1:1: Does not let us in", "The others are enough now");
}

TEST_F(DoctorOfKafka, misses_a_topic_and_knows_which_was_meant) {
  expect_problem(examine({{"topics", topic_ + "x"}}),
                 "There is no such topic; did you mean \"" + topic_ + "\"?", "Make it");
  expect_warning(examine({{"topics", "^nothing-like-this-.*"}}), "No topic matches yet",
                 "The pipeline waits for one");
  EXPECT_EQ(examine({{"topics", "^" + topic_ + ".*"}}).status, healthy);
}

TEST_F(DoctorOfKafka, warns_of_settings_that_surprise) {
  const std::string other = KafkaClient::unique("surprising");
  client_.create_topic(other, 1,
                       {{"message.timestamp.type", "CreateTime"},
                        {"cleanup.policy", "compact,delete"},
                        {"retention.ms", "3600000"},
                        {"retention.bytes", "1048576"}});
  const Said said = examine({{"topics", other}});
  expect_warning(said, "Its timestamps are the producer's (CreateTime)",
                 "kafka-configs.sh --bootstrap-server BROKER --alter --entity-type topics --entity-name " +
                     other + " --add-config message.timestamp.type=LogAppendTime");
  expect_warning(said, "It is compacted", "kafka-configs.sh");
  expect_warning(said, "Records are kept for 1h only", "kafka-configs.sh");
  expect_warning(said, "Each partition keeps 1MiB at most", "kafka-configs.sh");
}

TEST_F(DoctorOfKafka, warns_of_records_that_are_not_keyed_by_their_aggregate) {
  auto events = captured_events();
  for (auto& event : events) event.key = "{\"event_id\":\"4711\"}";
  client_.append(topic_, 1, events);
  expect_warning(examine(), "A record has the key \"{\"event_id\":\"4711\"}\", but its aggregate is",
                 "Key by the aggregate: with Debezium message.key.columns");
}

TEST_F(DoctorOfKafka, takes_no_key_for_the_aggregates_that_holds_its_id_among_other_things) {
  auto events = captured_events();
  for (auto& event : events) event.key->insert(event.key->find("\"}"), "/4711");
  client_.append(topic_, 1, events);
  expect_warning(examine(), "/4711\"}\", but its aggregate is", "Key by the aggregate");
}

TEST_F(DoctorOfKafka, foresees_dead_letters) {
  client_.append(topic_, 1, {{.key = "k", .value = "no JSON"}});
  expect_warning(examine(),
                 "1 of 4 records would be dead letters; the first, partition 1 position 0: [decode.not_json]",
                 "Compare `decode` with what the producer writes");
}

TEST_F(DoctorOfKafka, tells_of_records_that_were_deleted_before_they_were_read) {
  client_.commit(group_, topic_, 0, 1);
  client_.delete_records(topic_, 0, 2);
  expect_problem(examine(),
                 "The broker has deleted what was to be read next of \"" + topic_ +
                     "\" partition 0: from position 1 to 2",
                 "Get the lost events from elsewhere");
  expect_warning(examine({{"source", ", out_of_range: earliest"}}), "The pipeline goes on without it",
                 "A longer retention.ms");
}

TEST_F(DoctorOfKafka, tells_of_a_group_that_is_ahead_of_the_topic) {
  client_.commit(group_, topic_, 0, 50);
  expect_problem(examine(), "ends at 3, before position 50",
                 "If that was on purpose: sluice positions reset");
}

TEST_F(DoctorOfKafka, asks_for_a_beginning_where_the_configuration_wants_one) {
  expect_problem(examine({{"source", ", start: error"}}), "Neither the group nor the store knows a position",
                 "Set source.kafka.start");
}

TEST_F(DoctorOfKafka, misses_the_topic_of_dead_letters) {
  expect_problem(examine({{"letters", "topic: " + KafkaClient::unique("nowhere")}}),
                 "There is no such topic, and nothing says that it should be made",
                 "Make it, or set dead_letters.kafka.create");
}

TEST_F(DoctorOfKafka, knows_that_the_broker_would_refuse_to_make_it) {
  expect_problem(examine({{"letters", "topic: " + KafkaClient::unique("nowhere") +
                                          ", create: { partitions: 1, replication: 3 }"}}),
                 "the broker would not let it be made",
                 "Grant the user Create on the topic, correct `create`");
}

TEST_F(DoctorOfKafka, tells_that_the_pipeline_would_read_its_own_dead_letters) {
  const std::string own_brokers = ", brokers: \"localhost:" + brokers().substr(brokers().find(':') + 1) + '"';
  expect_problem(examine({{"topics", "^" + letters_}, {"letters", "topic: " + letters_ + own_brokers}}),
                 "the pipeline would read its own dead letters",
                 "Give the dead letters a topic that the pipeline does not read");
}

TEST_F(DoctorOfKafka, passes_over_what_the_client_leaves_out) {
  const Said said = examine({{"topics", "^(" + topic_ + "|" + letters_ + ")$"},
                             {"source", ", client: { topic.blacklist: \"^letters-\" }"}});
  EXPECT_EQ(said.status, healthy);
  EXPECT_THAT(said.text, AllOf(HasSubstr("positions: " + topic_), Not(HasSubstr("positions: " + letters_))));
}

TEST_F(DoctorOfKafka, warns_of_a_topic_that_does_not_keep_dead_letters) {
  const std::string other = KafkaClient::unique("forgetful");
  make_topic(
      other, 1,
      {{"retention.ms", "86400000"}, {"cleanup.policy", "compact,delete"}, {"max.message.bytes", "1000"}});
  const Said said = examine({{"letters", "topic: " + other}});
  expect_warning(said, "Letters are deleted after 1d", "kafka-configs.sh");
  expect_warning(said, "of the letters of one key all but the newest are lost", "kafka-configs.sh");
  expect_warning(said, "It takes messages of 1000 bytes, while a record of the source may have",
                 "kafka-configs.sh");
}

}  // namespace
}  // namespace sluice::engine
