// Dead letters in a topic. The suite's folder stands for a topic: what was written there is there again.
#include "core/options.hpp"
#include "kafka/connector.hpp"
#include "kafka_support/client.hpp"
#include "letters_suite.hpp"
#include "support/shared_services.hpp"

namespace sluice::engine::conformance {
namespace {

const SharedServices servers{{"kafka"}};

std::unique_ptr<DeadLetters> letters_in(const TempFolder& folder) {
  std::string topic = folder.file("dead");
  std::ranges::replace(topic, '/', '.');
  const RoleSpec<DeadLetters>& role = *kafka::connector().dead_letters;
  Options options = default_options(role.options);
  options.set("brokers", OptionTexts{servers->address("KAFKA_BOOTSTRAP_SERVERS")});
  options.set("topic", topic);
  options.set("create", OptionMap{{"partitions", "3"}, {"replication", "1"}});
  return role.make(options, {.pipeline = "p", .share = {}});
}

INSTANTIATE_TEST_SUITE_P(Kafka, DeadLettersSuite, testing::Values(LettersKind{"kafka", true, letters_in}),
                         name_of);

}  // namespace
}  // namespace sluice::engine::conformance
