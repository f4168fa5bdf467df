// From options to the client's configuration, without a broker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "kafka/client_options.hpp"
#include "kafka/connector.hpp"
#include "kafka/source_options.hpp"

namespace sluice::engine::kafka {
namespace {

using testing::HasSubstr;
using testing::Not;

Options with(std::map<std::string, OptionValue> given = {}) {
  Options options = default_options(source_options());
  options.set("brokers", OptionTexts{"a:1", "b:2"});
  options.set("topics", OptionTexts{"t"});
  for (auto& [name, value] : given) options.set(name, std::move(value));
  return options;
}

std::string property(const Conf& conf, const std::string& name) {
  std::array<char, 256> value{};
  std::size_t size = value.size();
  EXPECT_EQ(rd_kafka_conf_get(conf.get(), name.c_str(), value.data(), &size), RD_KAFKA_CONF_OK) << name;
  return value.data();
}

const ConnectorContext alone{.pipeline = "p", .share = {}, .source = nullptr};

std::string problem(std::map<std::string, OptionValue> given) {
  try {
    const Conf conf = source_conf(with(std::move(given)), alone);
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return {};
}

TEST(KafkaOptions, commit_nothing_behind_the_engines_back) {
  const Conf conf = source_conf(with(), alone);
  EXPECT_EQ(property(conf, "bootstrap.servers"), "a:1,b:2");
  EXPECT_EQ(property(conf, "group.id"), "p");
  EXPECT_EQ(property(conf, "enable.auto.commit"), "false");
  EXPECT_EQ(property(conf, "enable.auto.offset.store"), "false");
  EXPECT_EQ(property(conf, "isolation.level"), "read_committed");
  EXPECT_EQ(property(conf, "partition.assignment.strategy"), "range,roundrobin");
  EXPECT_EQ(property(conf, "queued.max.messages.kbytes"), "65536");
  EXPECT_EQ(property(conf, "allow.auto.create.topics"), "false");
}

TEST(KafkaOptions, beat_the_heart_thrice_in_a_session) {
  const auto heartbeat = [](OptionMap client) {
    return property(source_conf(with({{"client", std::move(client)}}), alone), "heartbeat.interval.ms");
  };
  EXPECT_EQ(heartbeat({}), "3000");
  EXPECT_EQ(heartbeat({{"session.timeout.ms", "1500"}}), "500");
  EXPECT_EQ(heartbeat({{"session.timeout.ms", "45000"}}), "3000");
  EXPECT_EQ(heartbeat({{"session.timeout.ms", "1500"}, {"heartbeat.interval.ms", "100"}}), "100");
}

TEST(KafkaOptions, give_a_share_its_own_group_and_a_static_place_in_it) {
  const ConnectorContext share{.pipeline = "p", .share = {1, 3}, .source = nullptr};
  const Conf conf = source_conf(with({{"group", "g"}}), share);
  EXPECT_EQ(property(conf, "group.id"), "g.1-of-3");
  EXPECT_EQ(property(conf, "group.instance.id"), "p.1-of-3");
}

TEST(KafkaOptions, let_harmless_options_of_the_client_pass) {
  const Conf conf = source_conf(
      with({{"client", OptionMap{{"fetch.min.bytes", "7"}, {"session.timeout.ms", "8000"}}}}), alone);
  EXPECT_EQ(property(conf, "fetch.min.bytes"), "7");
  EXPECT_EQ(property(conf, "session.timeout.ms"), "8000");
}

TEST(KafkaOptions, say_what_to_use_in_place_of_a_clients_option) {
  EXPECT_THAT(problem({{"client", OptionMap{{"group.id", "g"}}}}), HasSubstr("use group"));
  EXPECT_THAT(problem({{"client", OptionMap{{"auto.offset.reset", "latest"}}}}), HasSubstr("use start"));
  EXPECT_THAT(problem({{"client", OptionMap{{"fetch.min.byte", "1"}}}}),
              HasSubstr("did you mean \"fetch.min.bytes\"?"));
  EXPECT_THAT(problem({{"client", OptionMap{{"fetch.min.bytes", "many"}}}}), HasSubstr("fetch.min.bytes"));
}

TEST(KafkaOptions, find_what_does_not_fit_together) {
  EXPECT_THAT(problem({{"tls_ca", "ca.pem"}}), HasSubstr("tls_ca has no effect without tls: true"));
  EXPECT_THAT(problem({{"tls", true}, {"tls_cert", "c.pem"}}), HasSubstr("tls_cert needs tls_key"));
  EXPECT_THAT(problem({{"sasl", "PLAIN"}, {"username", "u"}}), HasSubstr("sasl: PLAIN needs password"));
  const std::string without_sasl = problem({{"password", "hunter2"}});
  EXPECT_THAT(without_sasl, HasSubstr("password has no effect without sasl"));
  EXPECT_THAT(without_sasl, Not(HasSubstr("hunter2")));
  EXPECT_THAT(problem({{"brokers", OptionTexts{}}}), HasSubstr("brokers is empty"));
}

TEST(KafkaOptions, that_name_files_which_are_not_there_make_no_client_and_say_which) {
  const auto refusal = [](std::map<std::string, OptionValue> given) {
    given.emplace("tls", true);
    const auto client = make_client(RD_KAFKA_CONSUMER, source_conf(with(std::move(given)), alone),
                                    Code::configuration_invalid);
    return client ? std::string() : client.error().message;
  };
  EXPECT_THAT(refusal({{"tls_ca", "/nowhere/ca"}}), HasSubstr("check that tls_ca"));
  EXPECT_THAT(refusal({{"tls_cert", "/nowhere/own"}, {"tls_key", "/nowhere/key"}}),
              HasSubstr("check that tls_cert"));
}

TEST(KafkaOptions, choose_the_protocol_by_tls_and_sasl) {
  const auto protocol = [](bool tls, bool sasl) {
    std::map<std::string, OptionValue> given{{"tls", tls}};
    if (sasl) given.insert({{"sasl", "PLAIN"}, {"username", "u"}, {"password", "p"}});
    return property(source_conf(with(std::move(given)), alone), "security.protocol");
  };
  EXPECT_EQ(protocol(false, false), "plaintext");
  EXPECT_EQ(protocol(true, false), "ssl");
  EXPECT_EQ(protocol(false, true), "sasl_plaintext");
  EXPECT_EQ(protocol(true, true), "sasl_ssl");
}

TEST(KafkaOptions, of_dead_letters_may_be_the_sources) {
  const auto& role = *connector().dead_letters;
  Options letters = default_options(role.options);
  letters.set("topic", std::string("dead"));
  EXPECT_THROW((role.make(letters, alone)), ConfigurationError);
  const Options source = with({{"client", OptionMap{{"fetch.min.bytes", "7"}}}});
  EXPECT_NE(role.make(letters, {.pipeline = "p", .share = {}, .source = &source}), nullptr);
}

// The error of letters in this topic, for a source that reads these.
std::string problem_of_letters(const std::string& topic, const OptionTexts& read, OptionMap client = {},
                               const OptionTexts& brokers = {}) {
  const auto& role = *connector().dead_letters;
  Options letters = default_options(role.options);
  letters.set("topic", topic);
  letters.set("brokers", brokers);
  const Options source = with({{"topics", read}, {"client", std::move(client)}});
  try {
    role.make(letters, {.pipeline = "p", .share = {}, .source = &source});
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return {};
}

TEST(KafkaOptions, of_dead_letters_name_no_topic_that_the_pipeline_reads) {
  EXPECT_THAT(problem_of_letters("b", {"a", "b"}), HasSubstr("\"b\" is among the source's topics"));
  EXPECT_THAT(problem_of_letters("activity.dead", {"events", "^activity\\..*"}),
              HasSubstr("the source's \"^activity\\..*\" takes in \"activity.dead\" too"));
  EXPECT_EQ(problem_of_letters("dead.activity.", {"^activity\\..*"}), "");
  EXPECT_EQ(problem_of_letters("^b", {"b"}), "") << "a name, whatever it looks like";
}

TEST(KafkaOptions, of_dead_letters_may_name_a_topic_that_is_left_out_of_the_sources_pattern) {
  EXPECT_EQ(problem_of_letters("a.dead", {"^a\\..*"}, {{"topic.blacklist", "^x$,\\.dead$"}}), "");
  EXPECT_NE(problem_of_letters("a.dead", {"^a\\..*"}, {{"topic.blacklist", "^x$"}}), "");
  EXPECT_NE(problem_of_letters("a.dead", {"a.dead"}, {{"topic.blacklist", "\\.dead$"}}), "")
      << "the client leaves out only what a pattern finds";
}

TEST(KafkaOptions, of_dead_letters_leave_it_to_the_cluster_whether_other_brokers_have_another_topic) {
  EXPECT_EQ(problem_of_letters("t", {"t"}, {}, {"elsewhere:1"}), "");
}

}  // namespace
}  // namespace sluice::engine::kafka
