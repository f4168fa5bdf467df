#include "kafka/probe.hpp"

#include <string>

#include "kafka/client_options.hpp"
#include "kafka/failure.hpp"
#include "kafka/record.hpp"

namespace sluice::engine::kafka {
namespace {

constexpr std::chrono::seconds patience{5};

int left_until(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::max(0, static_cast<int>(left.count()));
}

}  // namespace

Result<Probe> Probe::make(const rd_kafka_conf_t& conf) {
  Conf own(rd_kafka_conf_dup(&conf));
  set(*own, "queued.min.messages", "1");
  set(*own, "fetch.message.max.bytes", "1");  // brokers send a whole batch at least
  set(*own, "fetch.wait.max.ms", "50");
  set(*own, "statistics.interval.ms", "0");
  auto client = make_client(RD_KAFKA_CONSUMER, std::move(own), Code::source_unavailable);
  if (!client) return client.error();
  rd_kafka_poll_set_consumer(client->get());
  return Probe(std::move(*client));
}

Result<std::optional<std::uint64_t>> Probe::checksum(const TopicPartition& partition, Position position) {
  const PartitionList list = partition_list(1);
  rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition)->offset =
      position.value;
  if (const auto error = rd_kafka_assign(client_.get(), list.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return source_error("reading \"" + partition.topic + '"', error);

  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (int left = left_until(deadline); left > 0; left = left_until(deadline)) {
    const Message message(rd_kafka_consumer_poll(client_.get(), left));
    if (!message) continue;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF ||
        message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
      return std::optional<std::uint64_t>();
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    if (message->offset != position.value) return std::optional<std::uint64_t>();
    Arena arena;
    Record record;
    fill(record, *message, arena);
    return std::optional(record_checksum(record));
  }
  return source_error("reading \"" + partition.topic + '"', RD_KAFKA_RESP_ERR__TIMED_OUT);
}

}  // namespace sluice::engine::kafka
