#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "kafka/broker_answers.hpp"
#include "kafka/client_options.hpp"
#include "kafka/dead_letters.hpp"
#include "kafka/examine.hpp"
#include "kafka/failure.hpp"
#include "kafka/metadata.hpp"
#include "kafka/topic_settings.hpp"

namespace sluice::engine::kafka {
namespace {

// A letter is its record and some headers, of which the longest texts are cut (letters/error_headers.hpp).
constexpr std::int64_t room_for_headers = 64 << 10U;

// What an idempotent producer is told when it asks for its number, without which it writes nothing: a broker
// gives none to who may write nowhere. Nothing is written by it.
class ProducerTrial {
 public:
  [[nodiscard]] rd_kafka_resp_err_t run(const rd_kafka_conf_t& conf, milliseconds patience) {
    Conf own(rd_kafka_conf_dup(&conf));
    set(*own, "statistics.interval.ms", "100");
    rd_kafka_conf_set_opaque(own.get(), this);
    rd_kafka_conf_set_error_cb(own.get(), on_error);
    rd_kafka_conf_set_stats_cb(own.get(), on_statistics);
    const auto client = make_client(RD_KAFKA_PRODUCER, std::move(own), Code::configuration_invalid);
    if (!client) return RD_KAFKA_RESP_ERR__INVALID_ARG;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!assigned_ && error_ == RD_KAFKA_RESP_ERR_NO_ERROR && std::chrono::steady_clock::now() < deadline)
      rd_kafka_poll(client->get(), 100);
    return assigned_ ? RD_KAFKA_RESP_ERR_NO_ERROR : error_;
  }

 private:
  static void on_error(rd_kafka_t* client, int error, const char*, void* self) {
    auto& trial = *static_cast<ProducerTrial*>(self);
    auto code = static_cast<rd_kafka_resp_err_t>(error);
    if (code == RD_KAFKA_RESP_ERR__FATAL) code = rd_kafka_fatal_error(client, nullptr, 0);
    if (gravity(code) == Gravity::fatal) trial.error_ = code;
  }
  static int on_statistics(rd_kafka_t*, char* json, std::size_t size, void* self) {
    const auto statistics = nlohmann::json::parse(json, json + size, nullptr, false);
    const auto eos = statistics.is_object() ? statistics.find("eos") : statistics.end();
    if (eos != statistics.end() && eos->value("idemp_state", "") == "Assigned")
      static_cast<ProducerTrial*>(self)->assigned_ = true;
    return 0;  // the text stays librdkafka's
  }

  bool assigned_ = false;
  rd_kafka_resp_err_t error_ = RD_KAFKA_RESP_ERR_NO_ERROR;
};

class LettersExaminer {
 public:
  LettersExaminer(const LetterSettings& settings, Client client, Examination<DeadLetters>& examination)
      : settings_(settings),
        subject_("topic " + settings.topic),
        client_(std::move(client)),
        patience_(examination.patience),
        findings_(examination.findings) {}

  void examine(const Options* source) {
    const TopicAnswer answer = examine_topic(*client_, settings_.topic, patience_);
    if (answer.error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return examine_plan();
    if (answer.error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      findings_.problem(subject_, explain("It cannot be looked at", answer.error, {}) + ".",
                        way_out(answer.error, "Grant the user Describe and Write on the topic."));
      return;
    }
    findings_.ok(subject_, "Is there, with " + std::to_string(answer.partitions) +
                               (answer.partitions == 1 ? " partition." : " partitions."));
    examine_settings(source);
    examine_rights();
  }

 private:
  void examine_plan() {
    if (!settings_.plan) {
      findings_.problem(subject_, "There is no such topic, and nothing says that it should be made.",
                        "Make it, or set dead_letters.kafka.create: { partitions: 3, replication: 3 }");
      return;
    }
    if (const auto would = make_topic(*client_, settings_.topic, *settings_.plan, true); !would)
      findings_.problem(
          subject_,
          "It is not there, and the broker would not let it be made: " + would.error().message + ".",
          "Grant the user Create on the topic, correct `create`, or make the topic yourself.");
    else
      findings_.ok(subject_, "Made at the first start, with " + std::to_string(settings_.plan->partitions) +
                                 (settings_.plan->partitions == 1 ? " partition" : " partitions") +
                                 ", the broker says.");
  }

  void examine_settings(const Options* source) {
    const auto answer = ask_settings(*client_, settings_.topic, patience_);
    if (answer.error != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    if (answer.settings.text("cleanup.policy").find("compact") != std::string::npos)
      findings_.warn(subject_, "It is compacted: of the letters of one key all but the newest are lost.",
                     change("cleanup.policy=delete"));
    if (const auto kept = answer.settings.number("retention.ms"); kept && *kept >= 0)
      findings_.warn(subject_, "Letters are deleted after " + duration_to_text(milliseconds(*kept)) + ".",
                     change("retention.ms=-1") + " keeps them for ever.");
    const auto room = answer.settings.number("max.message.bytes");
    const auto largest = largest_record(source);
    if (room && largest && *room < *largest + room_for_headers)
      findings_.warn(
          subject_,
          "It takes messages of " + std::to_string(*room) + " bytes, while a record of the source may have " +
              std::to_string(*largest) +
              ": a letter is larger than its record, and one that does not fit stops the pipeline.",
          change("max.message.bytes=67108864"));
  }

  // Of the source's topics that can be named, where the source is Kafka too.
  std::optional<std::int64_t> largest_record(const Options* source) {
    std::optional<std::int64_t> largest;
    if (source == nullptr) return largest;
    for (const std::string& topic : source->texts("topics")) {
      if (topic.empty() || topic.starts_with('^')) continue;
      if (const auto bytes = ask_settings(*client_, topic, patience_).settings.number("max.message.bytes"))
        largest = std::max(largest.value_or(0), *bytes);
    }
    return largest;
  }

  void examine_rights() {
    ProducerTrial trial;
    const auto error = trial.run(*settings_.writer, patience_);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
      findings_.problem("right to write",
                        explain("The broker lets no producer of this user in", error, {}) + ".",
                        "Grant the user Write on the topic, and with brokers before Kafka 3.0 "
                        "IdempotentWrite on the cluster.");
    else
      findings_.ok(
          "right to write",
          "The broker lets a producer of this user in; whether it may write to this topic shows with "
          "the first letter, as none is written for trying.");
  }

  [[nodiscard]] std::string change(const std::string& setting) const {
    return "kafka-configs.sh --bootstrap-server BROKER --alter --entity-type topics --entity-name " +
           settings_.topic + " --add-config " + setting;
  }

  const LetterSettings& settings_;
  std::string subject_;
  Client client_;
  milliseconds patience_;
  Findings& findings_;
};

// What the source has found out about the same brokers is not said again.
bool reach(const Options& options, const LetterSettings& settings, Examination<DeadLetters>& examination) {
  if (!options.texts("brokers").empty())
    return examine_brokers(settings.brokers, *settings.reader, examination.patience, examination.findings);
  for (const BrokerAnswer& answer : ask_each_broker(settings.brokers, *settings.reader, examination.patience))
    if (answer.error == RD_KAFKA_RESP_ERR_NO_ERROR) return true;
  examination.findings.problem("brokers", "They are those of the source, and none lets us in.",
                               "Mend the source first.");
  return false;
}

}  // namespace

void examine_dead_letters(const Options& options, const ConnectorContext& context,
                          Examination<DeadLetters>& examination) {
  const LetterSettings settings = letter_settings(options, context);
  if (!reach(options, settings, examination)) return;
  if (const auto apart = check_apart_from_source(settings, examination.patience); !apart)
    examination.findings.problem("topic " + settings.topic, apart.error().message + ".",
                                 "Give the dead letters a topic that the pipeline does not read.");
  auto client = examining_client(*settings.reader);
  if (!client) {
    examination.findings.problem("client", client.error().message + ".",
                                 "Correct the options under dead_letters.kafka.");
    return;
  }
  LettersExaminer(settings, std::move(*client), examination).examine(context.source);
}

}  // namespace sluice::engine::kafka
