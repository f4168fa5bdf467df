// Kafka as a place that sources read.
#include "core/options.hpp"
#include "kafka/connector.hpp"
#include "kafka_support/client.hpp"
#include "source_suite.hpp"
#include "support/shared_services.hpp"

namespace sluice::engine::conformance {

namespace {

const SharedServices servers{{"kafka"}};

std::string brokers() { return servers->address("KAFKA_BOOTSTRAP_SERVERS"); }

class KafkaWorld final : public SourceWorld {
 public:
  explicit KafkaWorld(std::string assignment) : assignment_(std::move(assignment)) {
    client_.create_topic(topic_, partitions(), {{"max.message.bytes", "20000000"}});
  }

  [[nodiscard]] std::unique_ptr<Source> make_source() override {
    const RoleSpec<Source>& role = *kafka::connector().source;
    Options options = default_options(role.options);
    options.set("brokers", OptionTexts{brokers()});
    options.set("topics", OptionTexts{topic_});
    options.set("group", kafka_support::KafkaClient::unique("group"));
    options.set("assignment", assignment_);
    return role.make(options, {.pipeline = "p", .share = {}});
  }

  void append(int partition, const std::vector<Sent>& records) override {
    std::vector<kafka_support::Sent> all;
    for (const Sent& record : records) all.push_back({record.key, record.value, record.headers});
    client_.append(topic_, partition, all);
  }
  void take_away() override { servers->stop("kafka"); }
  void bring_back() override { servers->start("kafka"); }
  void recreate() override { client_.recreate_topic(topic_, partitions()); }

  [[nodiscard]] milliseconds patience() const override { return milliseconds(1000); }
  [[nodiscard]] int partitions() const override { return 3; }
  [[nodiscard]] std::string topic() const override { return topic_; }
  [[nodiscard]] Sent expected(const Sent& sent) const override { return sent; }

 private:
  std::string assignment_;
  kafka_support::KafkaClient client_{brokers()};
  std::string topic_ = kafka_support::KafkaClient::unique("events");
};

const WorldKind eager{"kafka_eager", [] { return std::make_unique<KafkaWorld>("eager"); }};
const WorldKind cooperative{"kafka_cooperative", [] { return std::make_unique<KafkaWorld>("cooperative"); }};

INSTANTIATE_TEST_SUITE_P(Kafka, SourceSuite, testing::Values(eager, cooperative), name_of);
INSTANTIATE_TEST_SUITE_P(Kafka, SourceWithTombstones, testing::Values(eager, cooperative), name_of);

}  // namespace

}  // namespace sluice::engine::conformance
