#include <algorithm>
#include <map>
#include <thread>

#include "base/nearest.hpp"
#include "base/time.hpp"
#include "kafka/examine.hpp"
#include "kafka/failure.hpp"
#include "kafka/last_records.hpp"
#include "kafka/metadata.hpp"
#include "kafka/source_options.hpp"
#include "kafka/source_topics.hpp"
#include "kafka/topic_settings.hpp"

namespace sluice::engine::kafka {
namespace {

using GroupList = std::unique_ptr<const rd_kafka_group_list, Deleter<rd_kafka_group_list_destroy>>;

constexpr std::int64_t one_day_ms = std::int64_t{24} * 3600 * 1000;

int bound(milliseconds patience) { return static_cast<int>(patience.count()); }

std::string place(const TopicPartition& partition) {
  return '"' + partition.topic + "\" partition " + std::to_string(partition.partition);
}

class SourceExaminer {
 public:
  SourceExaminer(const SourceSettings& settings, Client client, Examination<Source>& examination)
      : settings_(settings),
        client_(std::move(client)),
        examination_(examination),
        findings_(examination.findings) {}

  void examine() {
    // All that this user may see: for patterns, and for names that are spelt wrong.
    if (auto all = list_topics(*client_, examination_.patience)) known_ = std::move(*all);
    for (const std::string& topic : settings_.topics)
      SourceSettings::is_pattern(topic) ? find_by_pattern(topic) : find_topic(topic);
    for (const auto& [topic, partitions] : topics_) {
      examine_settings(topic);
      find_ends(topic, partitions);
    }
    if (topics_.empty()) return;
    examine_group();
    for (const PartitionFacts& facts : examination_.partitions) examine_start(facts);
    if (!may_read_) return;
    read_checksums();
    read_samples();
  }

 private:
  void find_topic(const std::string& name) {
    const std::string subject = "topic " + name;
    const TopicAnswer answer = examine_topic(*client_, name, examination_.patience);
    if (answer.error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      found(name, answer.partitions);
    } else if (answer.error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
      findings_.problem(
          subject, "There is no such topic" + meant(name) + ".",
          "Make it (Debezium makes it with the first row it captures), or correct source.kafka.topics.");
    } else {
      findings_.problem(subject, explain("It cannot be looked at", answer.error, {}) + ".",
                        way_out(answer.error, "Grant the user Describe and Read on the topic."));
    }
  }

  void find_by_pattern(const std::string& pattern) {
    bool any = false;
    for (const auto& [name, partitions] : known_) {
      if (!settings_.finds(pattern, name)) continue;
      any = true;
      found(name, partitions);
    }
    if (!any)
      findings_.warn("topics " + pattern, "No topic matches yet.",
                     "The pipeline waits for one; correct the pattern if some should match.");
  }

  void found(const std::string& name, int partitions) {
    if (!topics_.emplace(name, partitions).second) return;
    findings_.ok("topic " + name,
                 "Has " + std::to_string(partitions) + (partitions == 1 ? " partition." : " partitions."));
  }

  [[nodiscard]] std::string meant(const std::string& name) const {
    std::vector<std::string_view> names;
    for (const auto& [known, partitions] : known_) names.emplace_back(known);
    const auto near = nearest(name, names);
    return near ? "; did you mean \"" + std::string(*near) + "\"?" : std::string();
  }

  void examine_settings(const std::string& topic) {
    const std::string subject = "topic " + topic;
    const auto answer = ask_settings(*client_, topic, examination_.patience);
    if (answer.error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      findings_.warn(subject, explain("Its settings cannot be seen", answer.error, answer.reason) + ".",
                     "Look at them yourself, or grant the user DescribeConfigs on the topic; the pipeline "
                     "does not need it.");
      return;
    }
    const TopicSettings& settings = answer.settings;
    examine_timestamps(subject, topic, settings);
    if (settings.text("cleanup.policy").find("compact") != std::string::npos)
      findings_.warn(subject,
                     "It is compacted (cleanup.policy=" + settings.text("cleanup.policy") +
                         "): of the events of one key all but the newest may be gone before they are read.",
                     change(topic, "cleanup.policy=delete"));
    const auto retention = settings.number("retention.ms");
    if (retention && *retention >= 0 && *retention < one_day_ms)
      findings_.warn(subject,
                     "Records are kept for " + duration_to_text(milliseconds(*retention)) +
                         " only: a pipeline, or a store, that is down for longer loses events.",
                     change(topic, "retention.ms=604800000"));
    if (const auto bytes = settings.number("retention.bytes"); bytes && *bytes >= 0)
      findings_.warn(subject,
                     "Each partition keeps " + bytes_to_text(*bytes) +
                         " at most, however little time that is: a pipeline that is down may lose events.",
                     change(topic, "retention.bytes=-1"));
  }

  void examine_timestamps(const std::string& subject, const std::string& topic,
                          const TopicSettings& settings) {
    if (settings.text("message.timestamp.type") == "LogAppendTime")
      return findings_.ok(subject, "Its timestamps are the broker's (LogAppendTime).");
    findings_.warn(subject,
                   "Its timestamps are the producer's (CreateTime): the clock T2 then says when a record was "
                   "made, not when "
                   "the broker had it, and the time in Kafka cannot be told from the time before it.",
                   change(topic, "message.timestamp.type=LogAppendTime"));
  }

  static std::string change(const std::string& topic, const std::string& setting) {
    return "kafka-configs.sh --bootstrap-server BROKER --alter --entity-type topics --entity-name " + topic +
           " --add-config " + setting;
  }

  void find_ends(const std::string& topic, int partitions) {
    for (std::int32_t partition = 0; partition < partitions; ++partition) {
      const EndsAnswer ends = ask_ends(*client_, topic, partition, examination_.patience);
      if (ends.error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        findings_.problem(
            "topic " + topic,
            explain("Partition " + std::to_string(partition) + " does not answer", ends.error, {}) + ".",
            "See that the brokers can be reached from here by the names they advertise "
            "(advertised.listeners).");
        return;  // the next would take as long
      }
      examination_.partitions.push_back({.partition = {topic, partition},
                                         .begin = Position{ends.begin},
                                         .end = Position{ends.end},
                                         .committed = {},
                                         .checksum = {}});
    }
  }

  struct GroupAnswer {
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    int members = 0;
  };

  // Fills in the offsets of the list.
  GroupAnswer ask_group(rd_kafka_topic_partition_list_t& list) {
    const int at_most = bound(examination_.patience);
    const rd_kafka_group_list* found = nullptr;
    GroupAnswer answer;
    answer.error = rd_kafka_list_groups(client_.get(), settings_.group.c_str(), &found, at_most);
    const GroupList groups(found);
    if (answer.error == RD_KAFKA_RESP_ERR_NO_ERROR && groups->group_cnt > 0) {
      answer.error = groups->groups[0].err;
      answer.members = groups->groups[0].member_cnt;
    }
    if (answer.error == RD_KAFKA_RESP_ERR_NO_ERROR)
      answer.error = rd_kafka_committed(client_.get(), &list, at_most);
    for (int i = 0; i < list.cnt && answer.error == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
      answer.error = list.elems[i].err;
    return answer;
  }

  void examine_group() {
    const std::string subject = "group " + settings_.group;
    const PartitionList list = partition_list(static_cast<int>(examination_.partitions.size()));
    for (const PartitionFacts& facts : examination_.partitions)
      rd_kafka_topic_partition_list_add(list.get(), facts.partition.topic.c_str(), facts.partition.partition);
    // A broker that has just started needs a moment until it knows its groups.
    const auto deadline = std::chrono::steady_clock::now() + examination_.patience;
    GroupAnswer answer = ask_group(*list);
    while (answer.error != RD_KAFKA_RESP_ERR_NO_ERROR && gravity(answer.error) == Gravity::passing &&
           std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(milliseconds(200));
      answer = ask_group(*list);
    }
    if (answer.error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      findings_.problem(subject, explain("Its positions cannot be read", answer.error, {}) + ".",
                        way_out(answer.error, "Grant the user Read on the group."));
      return;
    }
    int committed = 0;
    for (int i = 0; i < list->cnt; ++i) {
      if (list->elems[i].offset < 0) continue;
      examination_.partitions[static_cast<std::size_t>(i)].committed = Position{list->elems[i].offset};
      ++committed;
    }
    findings_.ok(subject,
                 (committed == 0 ? std::string("Has committed nothing yet")
                                 : "Has committed positions of " + std::to_string(committed) + " of " +
                                       std::to_string(list->cnt) + " partitions") +
                     (answer.members == 0 ? "; nobody is in it now."
                                          : "; it has " + std::to_string(answer.members) +
                                                (answer.members == 1 ? " member now." : " members now.")));
  }

  // Whether the broker still has what would be read next.
  void examine_start(const PartitionFacts& facts) {
    const std::string subject = "topic " + facts.partition.topic;
    const auto start = examination_.start(facts.partition, facts.committed);
    if (!start) {
      if (settings_.start == Where::error)
        findings_.problem(subject,
                          "Neither the group nor the store knows a position for " + place(facts.partition) +
                              ", and start is error.",
                          "Set source.kafka.start to earliest or latest.");
      return;
    }
    if (*start < *facts.begin) expired(subject, facts, *start);
    if (*start > *facts.end)
      findings_.problem(
          subject,
          place(facts.partition) + " ends at " + std::to_string(facts.end->value) + ", before position " +
              std::to_string(start->value) +
              " where the pipeline would go on: it seems to have been made anew, or cut.",
          "If that was on purpose: sluice positions reset -c FILE --pipeline " + settings_.pipeline +
              " --to beginning --yes, and raise its `generation`: the documents remember the old positions.");
  }

  void expired(const std::string& subject, const PartitionFacts& facts, Position start) {
    const std::string what = "The broker has deleted what was to be read next of " + place(facts.partition) +
                             ": from position " + std::to_string(start.value) + " to " +
                             std::to_string(facts.begin->value) + ". ";
    if (settings_.out_of_range == Where::error)
      findings_.problem(
          subject, what + "The pipeline stops there, as out_of_range is error.",
          "Get the lost events from elsewhere, then: sluice positions reset -c FILE --pipeline " +
              settings_.pipeline +
              " --to beginning --yes. A longer retention.ms keeps it from coming again.");
    else
      findings_.warn(subject, what + "The pipeline goes on without it, as out_of_range says.",
                     "A longer retention.ms keeps it from coming again.");
  }

  void read_checksums() {
    for (PartitionFacts& facts : examination_.partitions) {
      const auto witness = examination_.witness(facts.partition);
      if (!witness || *witness < *facts.begin || *witness >= *facts.end) continue;
      const auto read = read_records(*client_, {{facts.partition, witness->value, witness->value + 1}},
                                     examination_.patience, [&](const Record& record) {
                                       if (record.position == *witness)
                                         facts.checksum = record_checksum(record);
                                     });
      if (!read) return refused(read.error());
    }
  }

  void read_samples() {
    std::vector<RecordRange> ranges;
    for (const PartitionFacts& facts : examination_.partitions)
      ranges.push_back({facts.partition,
                        std::max(facts.begin->value, facts.end->value - Examination<Source>::samples),
                        facts.end->value});
    if (const auto read =
            read_records(*client_, std::move(ranges), examination_.patience, examination_.sample);
        !read)
      refused(read.error());
  }

  void refused(const Error& error) {
    if (!std::exchange(may_read_, false)) return;
    findings_.problem("records", error.message + ".",
                      "Grant the user Read on the topic, and see that its brokers answer.");
  }

  const SourceSettings& settings_;
  Client client_;
  Examination<Source>& examination_;
  Findings& findings_;
  Topics known_;   // all
  Topics topics_;  // those that the pipeline reads
  bool may_read_ = true;
};

}  // namespace

void examine_source(const Options& options, const ConnectorContext& context,
                    Examination<Source>& examination) {
  const SourceSettings settings = source_settings(options, context);
  const Conf conf = source_conf(options, context);
  if (!examine_brokers(options.texts("brokers"), *conf, examination.patience, examination.findings)) return;
  auto client = examining_client(*conf);
  if (!client) {
    examination.findings.problem("client", client.error().message + ".",
                                 "Correct the options under source.kafka.");
    return;
  }
  SourceExaminer(settings, std::move(*client), examination).examine();
}

}  // namespace sluice::engine::kafka
