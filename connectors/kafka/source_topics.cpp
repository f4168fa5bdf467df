#include "kafka/source_topics.hpp"

#include "kafka/failure.hpp"
#include "kafka/metadata.hpp"

namespace sluice::engine::kafka {

Result<int> find_topic(rd_kafka_t& client, const std::string& name, milliseconds at_most) {
  const TopicAnswer answer = ask_topic(client, name, at_most);
  if (answer.error == RD_KAFKA_RESP_ERR_NO_ERROR) return answer.partitions;
  if (answer.error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
    return Error{Code::source_fatal,
                 "there is no topic \"" + name + "\": make it, or correct the name in source.kafka.topics"};
  return source_error("the topic \"" + name + '"', answer.error);
}

Result<Topics> list_topics(rd_kafka_t& client, milliseconds at_most) {
  const rd_kafka_metadata_t* found = nullptr;
  const auto error = rd_kafka_metadata(&client, 1, nullptr, &found, static_cast<int>(at_most.count()));
  const Metadata metadata(found);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return source_error("listing the topics", error);
  Topics topics;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const rd_kafka_metadata_topic_t& topic = metadata->topics[i];
    if (topic.err == RD_KAFKA_RESP_ERR_NO_ERROR) topics.emplace(topic.topic, topic.partition_cnt);
  }
  return topics;
}

Result<Topics> find_topics(rd_kafka_t& client, const SourceSettings& settings, milliseconds at_most) {
  Topics topics;
  for (const std::string& wanted : settings.topics) {
    if (!SourceSettings::is_pattern(wanted)) {
      const auto partitions = find_topic(client, wanted, at_most);
      if (!partitions) return partitions.error();
      topics.emplace(wanted, *partitions);
      continue;
    }
    const auto all = list_topics(client, at_most);
    if (!all) return all.error();
    for (const auto& [name, partitions] : *all)
      if (settings.finds(wanted, name)) topics.emplace(name, partitions);
  }
  return topics;
}

}  // namespace sluice::engine::kafka
