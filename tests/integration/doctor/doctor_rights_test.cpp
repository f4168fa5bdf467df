// What the doctor says to who is not let in, or may not do what the pipeline needs. No secret is ever shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor_run.hpp"
#include "kafka_support/client.hpp"
#include "support/shared_services.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine {
namespace {

using kafka_support::KafkaClient;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

const SharedServices servers{{"kafka", "mongodb", "--secure"}};

class DoctorOfRights : public testing::Test {
 protected:
  void SetUp() override {
    client_.create_topic(topic_, 1, {{"message.timestamp.type", "LogAppendTime"}});
    client_.create_topic(letters_, 1, {{"retention.ms", "-1"}, {"max.message.bytes", "10000000"}});
  }
  static std::string user() { return servers->address("KAFKA_USER"); }
  static std::string guest() { return servers->address("KAFKA_GUEST_USER"); }
  static std::string password() { return servers->address("KAFKA_PASSWORD"); }

  Said examine(const std::string& name, const std::string& secret, const std::string& uri) const {
    const std::string text =
        "sluice: 1\npipelines:\n  activity:\n    source: { kafka: { brokers: \"" +
        servers->address("KAFKA_SASL_SSL_BOOTSTRAP_SERVERS") + "\", topics: [" + topic_ +
        "], group: readers, tls: true, tls_ca: \"" + servers->address("TLS_CA") +
        "\", sasl: SCRAM-SHA-512, username: " + name + ", password: \"" + secret + "\" } }\n" +
        "    decode: { debezium_outbox: {} }\n    plugins: { activity: \"*\" }\n    routes: [ { from: "
        "activity } ]\n"
        "    store: { mongodb: { uri: \"" +
        uri + "\", database: rights } }\n    dead_letters: { kafka: { topic: " + letters_ + " } }\n";
    const Said said = doctor(folder_.write("sluice.yaml", text));
    EXPECT_THAT(said.text, Not(HasSubstr(password())));
    return said;
  }

  KafkaClient client_{servers->address("KAFKA_BOOTSTRAP_SERVERS")};
  std::string topic_ = KafkaClient::unique("events");
  std::string letters_ = KafkaClient::unique("letters");
  TempFolder folder_;
};

TEST_F(DoctorOfRights, finds_nothing_wrong_for_who_may_do_all) {
  const Said said = examine(user(), password(), servers->address("MONGODB_URI"));
  EXPECT_EQ(said.status, healthy);
  EXPECT_THAT(said.text, HasSubstr("No problem, no warning."));
}

TEST_F(DoctorOfRights, says_that_a_password_is_wrong) {
  const Said said = examine(user(), "mistaken", servers->address("MONGODB_URI"));
  EXPECT_EQ(said.status, check_failed);
  EXPECT_THAT(said.text, AllOf(HasSubstr("PROBLEM"), HasSubstr("Check sasl, username and password"),
                               Not(HasSubstr("mistaken"))));
}

TEST_F(DoctorOfRights, says_which_rights_are_lacking_in_kafka) {
  const Said said = examine(guest(), password(), servers->address("MONGODB_URI"));
  EXPECT_EQ(said.status, check_failed);
  EXPECT_THAT(said.text, AllOf(HasSubstr("Grant the user Describe and Read on the topic"),
                               HasSubstr("Grant the user Describe and Write on the topic")));
}

TEST_F(DoctorOfRights, says_which_rights_are_lacking_in_mongodb) {
  const Said said = examine(user(), password(), servers->address("MONGODB_GUEST_URI"));
  EXPECT_EQ(said.status, check_failed);
  EXPECT_THAT(said.text, HasSubstr("that the user has the role readWrite on the database"));
}

}  // namespace
}  // namespace sluice::engine
