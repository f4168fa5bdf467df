// TLS and SASL: who is let in, and what those who are not are told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kafka_support/client.hpp"
#include "member.hpp"
#include "support/shared_services.hpp"

namespace sluice::engine {
namespace {

using kafka_support::KafkaClient;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

const SharedServices servers{{"kafka", "--secure"}};

class KafkaSecurity : public testing::Test {
 protected:
  void SetUp() override {
    client_.create_topic(topic_);
    client_.append(topic_, 0, {{.value = "1"}, {.value = "2"}});
  }
  using Given = std::map<std::string, OptionValue>;
  Given options(const std::string& listener, Given more = {}) const {
    more.emplace("brokers", OptionTexts{servers->address("KAFKA_" + listener + "BOOTSTRAP_SERVERS")});
    more.emplace("topics", OptionTexts{topic_});
    more.emplace("group", KafkaClient::unique("group"));
    return more;
  }
  static Given tls() { return {{"tls", true}, {"tls_ca", servers->address("TLS_CA")}}; }
  static Given login(const std::string& mechanism, Given more = {}) {
    more.emplace("sasl", mechanism);
    more.emplace("username", servers->address("KAFKA_USER"));
    more.emplace("password", servers->address("KAFKA_PASSWORD"));
    return more;
  }
  static void expect_let_in(const Given& options) {
    Member member(options);
    const auto opened = member.open();
    ASSERT_TRUE(opened) << opened.error().message;
    member.read(2);
    EXPECT_EQ(member.values(), (std::vector<std::string>{"1", "2"}));
  }
  static std::string refusal(const Given& options) {
    Member member(options);
    auto opened = member.open();
    const Error error = opened ? member.read_until_fatal() : opened.error();
    EXPECT_EQ(error.code, Code::source_fatal) << error.message;
    EXPECT_THAT(error.message, Not(HasSubstr(servers->address("KAFKA_PASSWORD"))));
    return error.message;
  }

  KafkaClient client_{servers->address("KAFKA_BOOTSTRAP_SERVERS")};
  std::string topic_ = KafkaClient::unique("events");
};

TEST_F(KafkaSecurity, talks_tls) { expect_let_in(options("SSL_", tls())); }

TEST_F(KafkaSecurity, logs_in_by_every_mechanism) {
  for (const char* mechanism : {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}) {
    SCOPED_TRACE(mechanism);
    expect_let_in(options("SASL_PLAINTEXT_", login(mechanism)));
    expect_let_in(options("SASL_SSL_", login(mechanism, tls())));
  }
}

TEST_F(KafkaSecurity, does_not_trust_a_certificate_of_an_unknown_authority) {
  EXPECT_THAT(refusal(options("SSL_", {{"tls", true}})), HasSubstr("check tls, tls_ca"));
}

TEST_F(KafkaSecurity, says_that_a_password_is_wrong) {
  for (const char* mechanism : {"PLAIN", "SCRAM-SHA-512"}) {
    auto with = login(mechanism);
    with["password"] = "wrong";
    EXPECT_THAT(refusal(options("SASL_PLAINTEXT_", with)), HasSubstr("check sasl, username and password"));
  }
}

TEST_F(KafkaSecurity, says_which_right_a_user_lacks) {
  auto with = login("PLAIN");
  with["username"] = servers->address("KAFKA_GUEST_USER");
  EXPECT_THAT(refusal(options("SASL_PLAINTEXT_", with)),
              AnyOf(HasSubstr("the rights to describe and read"), HasSubstr("there is no topic")));
}

}  // namespace
}  // namespace sluice::engine
