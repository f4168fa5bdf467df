// TLS and SASL: who is let in, and what those who are not are told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kafka/connector.hpp"
#include "kafka_support/client.hpp"
#include "member.hpp"
#include "support/shared_services.hpp"

namespace sluice::engine {
namespace {

using kafka_support::KafkaClient;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

// The listener with TLS alone knows a user by the certificate; that with SASL asks for none.
const SharedServices servers{
    {"kafka", "--secure", "--kafka-set", "listener.name.ssl.ssl.client.auth=required"}};

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
  static Given certificate() {
    Given with = tls();
    with.emplace("tls_cert", servers->address("TLS_CERTIFICATE"));
    with.emplace("tls_key", servers->address("TLS_KEY"));
    return with;
  }
  static Given certificate_with_locked_key(const std::string& password) {
    Given with = certificate();
    with["tls_key"] = servers->address("TLS_LOCKED_KEY");
    with["tls_key_password"] = password;
    return with;
  }
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

TEST_F(KafkaSecurity, shows_a_certificate_of_its_own) { expect_let_in(options("SSL_", certificate())); }

TEST_F(KafkaSecurity, says_that_a_certificate_of_its_own_is_missing) {
  EXPECT_THAT(refusal(options("SSL_", tls())), HasSubstr("check tls, tls_ca, tls_cert and tls_key"));
}

TEST_F(KafkaSecurity, unlocks_its_key_by_a_password) {
  expect_let_in(options("SSL_", certificate_with_locked_key(servers->address("TLS_KEY_PASSWORD"))));
}

TEST_F(KafkaSecurity, says_that_the_password_of_its_key_is_wrong) {
  for (const char* password : {"wrong", ""})
    EXPECT_THAT(refusal(options("SSL_", certificate_with_locked_key(password))),
                AllOf(HasSubstr("tls_key_password"), Not(HasSubstr("wrong"))));
}

TEST_F(KafkaSecurity, says_that_the_key_is_anothers) {
  Given with = certificate();
  with["tls_cert"] = servers->address("TLS_CA");
  EXPECT_THAT(refusal(options("SSL_", with)), HasSubstr("tls_cert"));
}

TEST_F(KafkaSecurity, is_that_of_dead_letters_with_brokers_of_their_own_too) {
  const RoleSpec<DeadLetters>& role = *kafka::connector().dead_letters;
  Options all = default_options(role.options);
  for (const auto& [name, value] : certificate_with_locked_key(servers->address("TLS_KEY_PASSWORD")))
    all.set(name, value);
  all.set("brokers", OptionTexts{servers->address("KAFKA_SSL_BOOTSTRAP_SERVERS")});
  all.set("topic", topic_);
  const auto letters = role.make(all, {.pipeline = "p", .share = {}, .source = nullptr});
  const auto opened = letters->open();
  ASSERT_TRUE(opened) << opened.error().message;
  DeadLetter letter;
  letter.pipeline = "p";
  letter.topic = "events";
  letter.value = "refused";
  ASSERT_TRUE(letters->write(std::vector{letter}));
  std::vector<std::string> values;
  ASSERT_TRUE(letters->read([&](const DeadLetter& one) {
    values.push_back(one.value.value_or(""));
    return true;
  }));
  EXPECT_EQ(values, std::vector<std::string>{"refused"});
}

TEST_F(KafkaSecurity, of_dead_letters_says_what_is_wrong_with_a_certificate) {
  const RoleSpec<DeadLetters>& role = *kafka::connector().dead_letters;
  for (const Given& given : {tls(), certificate_with_locked_key("wrong")}) {
    Options all = default_options(role.options);
    for (const auto& [name, value] : given) all.set(name, value);
    all.set("brokers", OptionTexts{servers->address("KAFKA_SSL_BOOTSTRAP_SERVERS")});
    all.set("topic", topic_);
    const auto opened = role.make(all, {.pipeline = "p", .share = {}, .source = nullptr})->open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::dead_letters_fatal) << opened.error().message;
    EXPECT_THAT(opened.error().message, AnyOf(HasSubstr("tls_key_password"), HasSubstr("tls_cert")));
  }
}

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
