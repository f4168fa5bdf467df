#include "kafka/dead_letters.hpp"

#include <charconv>

#include "base/nearest.hpp"
#include "kafka/client_options.hpp"
#include "kafka/examine.hpp"
#include "kafka/letter_reader.hpp"
#include "kafka/metadata.hpp"
#include "kafka/source_options.hpp"

namespace sluice::engine::kafka {
namespace {

class KafkaDeadLetters final : public DeadLetters {
 public:
  explicit KafkaDeadLetters(LetterSettings settings)
      : settings_(std::move(settings)),
        writer_(settings_.topic, settings_.plan, Conf(rd_kafka_conf_dup(settings_.writer.get()))) {}

  [[nodiscard]] Result<void> open() override {
    if (auto apart = check_apart_from_source(settings_, connect_bound); !apart) return apart;
    return writer_.open();
  }

  [[nodiscard]] Result<void> write(std::span<const DeadLetter> letters) override {
    return writer_.write(letters);
  }

  [[nodiscard]] Result<void> read(const std::function<bool(const DeadLetter&)>& each) override {
    auto reader = LetterReader::make(settings_.topic, *settings_.reader);
    if (!reader) return reader.error();
    return reader->read(each);
  }

 private:
  LetterSettings settings_;
  LetterWriter writer_;
};

const std::vector<OptionSpec>& dead_letters_options() {
  static const std::vector<OptionSpec> options = [] {
    std::vector<OptionSpec> all{
        {.name = "topic", .help = "the topic that letters are written to"},
        {.name = "create",
         .type = OptionType::map,
         .fallback = "",
         .help = "makes the topic if it is missing: partitions, replication, and settings of a topic by "
                 "Kafka's names. Letters are kept for ever unless retention.ms is among them"},
        {.name = "brokers",
         .type = OptionType::texts,
         .fallback = "",
         .help = "host:port of some brokers; else those of the source, reached in the same way"},
    };
    const auto common = client_option_specs();
    all.insert(all.end(), common.begin(), common.end());
    return all;
  }();
  return options;
}

int count(const std::string& name, const std::string& text) {
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || value < 1)
    throw ConfigurationError("create: " + name + " is a number of 1 or more, not \"" + text + '"');
  return value;
}

std::optional<TopicPlan> topic_plan(const OptionMap& create) {
  if (create.empty()) return std::nullopt;
  TopicPlan plan;
  // A letter is larger than its record, and nobody may lose one because a week has gone by.
  plan.settings = {{"max.message.bytes", "67108864"}, {"retention.ms", "-1"}};
  for (const auto& [name, value] : create) {
    if (name == "partitions")
      plan.partitions = count(name, value);
    else if (name == "replication")
      plan.replication = count(name, value);
    else if (name.find('.') != std::string::npos)
      plan.settings.insert_or_assign(name, value);
    else
      throw ConfigurationError(
          "create: there is no \"" + name + '"' +
          suggestion(name, std::array<std::string_view, 2>{"partitions", "replication"}));
  }
  if (plan.partitions == 0 || plan.replication == 0)
    throw ConfigurationError(
        "create needs partitions and replication, such as { partitions: 3, replication: 3 }");
  return plan;
}

std::string read_here(const std::string& topic, const std::string& as) {
  if (!SourceSettings::is_pattern(as))
    return '"' + topic + "\" is among the source's topics: dead letters need one of their own";
  return "the source's \"" + as + "\" takes in \"" + topic +
         "\" too, and the pipeline would read its own dead letters: give them a topic with another name, "
         "narrow the pattern, or have source.kafka.client: { topic.blacklist: … } leave the topic out";
}

std::unique_ptr<DeadLetters> make_dead_letters(const Options& given, const ConnectorContext& context) {
  return std::make_unique<KafkaDeadLetters>(letter_settings(given, context));
}

std::string cluster_of(const rd_kafka_conf_t& conf, milliseconds at_most) {
  const auto client =
      make_client(RD_KAFKA_CONSUMER, Conf(rd_kafka_conf_dup(&conf)), Code::configuration_invalid);
  return client ? ask_cluster(**client, at_most) : std::string();
}

}  // namespace

LetterSettings letter_settings(const Options& given, const ConnectorContext& context) {
  const std::string& topic = given.text("topic");
  if (topic.empty()) throw ConfigurationError("topic is empty: name the topic for dead letters");
  const bool own = !given.texts("brokers").empty();
  if (!own && context.source == nullptr)
    throw ConfigurationError("brokers is missing: the source is not Kafka, so there are none to share");
  std::string read_as;
  Conf source;
  if (context.source != nullptr) {
    const SourceSettings reading = source_settings(*context.source, context);
    const std::string* as = reading.reads(topic);
    if (as != nullptr && !own) throw ConfigurationError(read_here(topic, *as));
    if (as != nullptr) {
      read_as = *as;
      source = source_conf(*context.source, context);
    }
  }
  const Options options = own ? given : with_client_options_of(given, *context.source);

  const std::string client_id = "sluice-" + context.pipeline + "-letters";
  Conf writer = make_client_conf(options, ClientRole::letters, client_id);
  set(*writer, "enable.idempotence", "true");
  set(*writer, "acks", "all");
  set(*writer, "message.max.bytes", "1000000000");  // the topic decides
  set(*writer, "partitioner", "murmur2_random");    // where the Java clients would put the same key
  Conf reader = make_client_conf(options, ClientRole::letters_reader, client_id);
  set(*reader, "group.id", client_id);  // wanted by librdkafka; never joined, nothing is committed
  set(*reader, "enable.auto.commit", "false");
  set(*reader, "enable.partition.eof", "true");
  set(*reader, "auto.offset.reset", "earliest");
  return {topic,
          topic_plan(given.map("create")),
          options.texts("brokers"),
          std::move(writer),
          std::move(reader),
          std::move(read_as),
          std::move(source)};
}

Result<void> check_apart_from_source(const LetterSettings& settings, milliseconds at_most) {
  if (!settings.source) return {};
  const std::string source = cluster_of(*settings.source, at_most);
  const std::string letters = cluster_of(*settings.reader, at_most);
  if (source.empty() || letters.empty())
    return Error{Code::dead_letters_unavailable,
                 "the source reads a topic \"" + settings.topic +
                     "\" too, and whether it is that of the dead letters cannot be told before the brokers "
                     "of both answer"};
  if (source != letters) return {};
  return Error{Code::dead_letters_fatal, read_here(settings.topic, settings.read_as)};
}

RoleSpec<DeadLetters> dead_letters_role() {
  return {.options = dead_letters_options(),
          .help = "dead letters as records of a topic",
          .make = make_dead_letters,
          .examine = examine_dead_letters};
}

}  // namespace sluice::engine::kafka
