#include <librdkafka/rdkafka.h>

#include <memory>
#include <set>
#include <stdexcept>

#include "kit/dead_letters.hpp"
#include "kit/destroyed.hpp"

namespace sluice::kit {
namespace {

constexpr int patience_ms = 15'000;

using Client = std::unique_ptr<rd_kafka_t, Destroyed<rd_kafka_destroy>>;
using Message = std::unique_ptr<rd_kafka_message_t, Destroyed<rd_kafka_message_destroy>>;
using Partitions =
    std::unique_ptr<rd_kafka_topic_partition_list_t, Destroyed<rd_kafka_topic_partition_list_destroy>>;

[[noreturn]] void fail(const std::string& topic, rd_kafka_resp_err_t error) {
  throw std::runtime_error("the dead letters in the topic " + topic +
                           " of Kafka: " + rd_kafka_err2str(error));
}

Client open(const std::string& brokers) {
  rd_kafka_conf_t* settings = rd_kafka_conf_new();
  char error[512] = "";
  const auto set = [&](const char* name, const char* value) {
    return rd_kafka_conf_set(settings, name, value, error, sizeof error) == RD_KAFKA_CONF_OK;
  };
  Client client;
  // The group is never joined: the partitions are assigned by hand, and nothing is committed.
  if (set("bootstrap.servers", brokers.c_str()) && set("group.id", "sluice-kit") &&
      set("enable.auto.commit", "false") && set("enable.partition.eof", "true") &&
      set("allow.auto.create.topics", "false"))
    client.reset(rd_kafka_new(RD_KAFKA_CONSUMER, settings, error, sizeof error));
  if (!client) {
    rd_kafka_conf_destroy(settings);
    throw std::runtime_error(std::string("Kafka: ") + error);
  }
  rd_kafka_poll_set_consumer(client.get());
  return client;
}

// None if there is no such topic.
int count_partitions(const Client& client, const std::string& name) {
  const std::unique_ptr<rd_kafka_topic_t, Destroyed<rd_kafka_topic_destroy>> topic(
      rd_kafka_topic_new(client.get(), name.c_str(), nullptr));
  const rd_kafka_metadata_t* metadata = nullptr;
  if (const auto error = rd_kafka_metadata(client.get(), 0, topic.get(), &metadata, patience_ms);
      error != RD_KAFKA_RESP_ERR_NO_ERROR)
    fail(name, error);
  const int partitions = metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
  rd_kafka_metadata_destroy(metadata);
  return partitions;
}

Letter letter_from(const rd_kafka_message_t& message) {
  Letter letter;
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
      take_header(letter, name, {static_cast<const char*>(value), size});
  }
  take_id_of_envelope(letter, {static_cast<const char*>(message.payload), message.len});
  return letter;
}

}  // namespace

void read_letters_of_topic(const std::string& brokers, const std::string& topic,
                           const std::function<void(const Letter&)>& visit) {
  const Client client = open(brokers);
  std::set<std::int32_t> unread;
  const Partitions partitions(rd_kafka_topic_partition_list_new(1));
  for (int number = 0; number < count_partitions(client, topic); ++number) {
    rd_kafka_topic_partition_list_add(partitions.get(), topic.c_str(), number)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
    unread.insert(number);
  }
  if (const auto error = rd_kafka_assign(client.get(), partitions.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    fail(topic, error);
  while (!unread.empty()) {
    const Message message(rd_kafka_consumer_poll(client.get(), patience_ms));
    if (!message) fail(topic, RD_KAFKA_RESP_ERR__TIMED_OUT);
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
      visit(letter_from(*message));
    else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
      unread.erase(message->partition);
    else if (message->err != RD_KAFKA_RESP_ERR__TRANSPORT)  // of one connection of several
      fail(topic, message->err);
  }
  rd_kafka_consumer_close(client.get());
}

}  // namespace sluice::kit
