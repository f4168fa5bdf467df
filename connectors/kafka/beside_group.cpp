#include "kafka/beside_group.hpp"

#include "kafka/client_options.hpp"
#include "kafka/failure.hpp"
#include "kafka/metadata.hpp"
#include "kafka/source_topics.hpp"

namespace sluice::engine::kafka {
namespace {

constexpr milliseconds move_bound{10'000};

Result<Client> connect(const rd_kafka_conf_t& conf) {
  Conf own(rd_kafka_conf_dup(&conf));
  set(*own, "group.instance.id", "");  // none: it is the running member's, and would shut that out
  set(*own, "statistics.interval.ms", "0");
  auto client = make_client(RD_KAFKA_CONSUMER, std::move(own), Code::source_fatal);
  if (!client) return client;
  const auto error = ask_brokers(**client, connect_bound);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return source_error("no broker answers", error);
  return client;
}

bool has_members(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID || error == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION ||
         error == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS;
}

rd_kafka_resp_err_t commit(rd_kafka_t& client, const rd_kafka_topic_partition_list_t& list) {
  const Queue answers(rd_kafka_queue_new(&client));
  const auto error = rd_kafka_commit_queue(&client, &list, answers.get(), nullptr, nullptr);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return error;
  const Event answer(rd_kafka_queue_poll(answers.get(), static_cast<int>(move_bound.count())));
  return answer ? rd_kafka_event_error(answer.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
}

}  // namespace

Result<PartitionRanges> ask_ranges(const SourceSettings& settings, const rd_kafka_conf_t& conf) {
  const auto client = connect(conf);
  if (!client) return client.error();
  const auto topics = find_topics(**client, settings, topic_bound);
  if (!topics) return topics.error();
  PartitionRanges ranges;
  for (const auto& [topic, partitions] : *topics) {
    for (std::int32_t partition = 0; partition < partitions; ++partition) {
      const EndsAnswer ends = ask_ends(**client, topic, partition, ends_bound);
      if (ends.error != RD_KAFKA_RESP_ERR_NO_ERROR)
        return source_error("asking where \"" + topic + "\" begins and ends", ends.error);
      ranges.emplace(TopicPartition{topic, partition},
                     PartitionRange{Position{ends.begin}, Position{ends.end}});
    }
  }
  return ranges;
}

Result<void> move_group(const SourceSettings& settings, const rd_kafka_conf_t& conf,
                        const std::map<TopicPartition, Position>& to) {
  const PartitionList list = partition_list(static_cast<int>(to.size()));
  for (const auto& [partition, position] : to)
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition)->offset =
        position.value;
  if (list->cnt == 0) return {};
  const auto client = connect(conf);
  if (!client) return client.error();
  const auto error = commit(**client, *list);
  if (has_members(error))
    return Error{Code::source_unavailable,
                 "the group \"" + settings.group +
                     "\" has a member: one that runs, or whose session has not ended yet"};
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return source_error("moving the group \"" + settings.group + '"', error);
  return {};
}

}  // namespace sluice::engine::kafka
