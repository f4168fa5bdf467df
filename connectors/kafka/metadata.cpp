#include "kafka/metadata.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "kafka/failure.hpp"

namespace sluice::engine::kafka {
namespace {

constexpr milliseconds pause{50};

TopicAnswer ask(rd_kafka_t& client, rd_kafka_topic_t* topic, milliseconds at_most) {
  const rd_kafka_metadata_t* found = nullptr;
  const auto error = rd_kafka_metadata(&client, 0, topic, &found, static_cast<int>(at_most.count()));
  const Metadata metadata(found);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR || topic == nullptr) return {error};
  if (metadata->topic_cnt == 0) return {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART};
  return {metadata->topics[0].err, metadata->topics[0].partition_cnt};
}

}  // namespace

rd_kafka_resp_err_t ask_brokers(rd_kafka_t& client, milliseconds at_most) {
  return ask(client, nullptr, at_most).error;
}

std::string ask_cluster(rd_kafka_t& client, milliseconds at_most) {
  char* id = rd_kafka_clusterid(&client, static_cast<int>(at_most.count()));
  if (id == nullptr) return {};
  std::string copy(id);
  rd_kafka_mem_free(&client, id);
  return copy;
}

TopicAnswer ask_topic(rd_kafka_t& client, const std::string& name, milliseconds at_most) {
  Topic topic(rd_kafka_topic_new(&client, name.c_str(), nullptr));
  if (!topic) return {rd_kafka_last_error()};
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  for (;;) {
    TopicAnswer answer = ask(client, topic.get(), one_question);
    if (answer.error == RD_KAFKA_RESP_ERR_NO_ERROR ||
        answer.error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
        std::chrono::steady_clock::now() >= deadline) {
      answer.topic = std::move(topic);
      return answer;
    }
    std::this_thread::sleep_for(pause);
  }
}

EndsAnswer ask_ends(rd_kafka_t& client, const std::string& topic, std::int32_t partition,
                    milliseconds at_most) {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  for (;;) {
    EndsAnswer answer;
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    answer.error = rd_kafka_query_watermark_offsets(&client, topic.c_str(), partition, &answer.begin,
                                                    &answer.end, std::max(1, static_cast<int>(left.count())));
    if (answer.error == RD_KAFKA_RESP_ERR_NO_ERROR || gravity(answer.error) == Gravity::fatal ||
        std::chrono::steady_clock::now() >= deadline)
      return answer;
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace sluice::engine::kafka
