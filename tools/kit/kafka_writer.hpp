// Writes events to a topic of Kafka as Debezium would.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "kit/random.hpp"
#include "kit/time.hpp"
#include "kit/world.hpp"

struct rd_kafka_s;
struct rd_kafka_topic_s;

namespace sluice::kit {

struct KafkaTopic {
  std::string brokers;
  std::string topic = "postgres.activity.event_outbox";
  double duplicate_percent = 0;  // of the records, sent a second time, as a connector does after a crash
};

// One thread. Throws std::runtime_error when Kafka does not take a record for good.
class KafkaWriter {
 public:
  KafkaWriter(KafkaTopic topic, std::uint64_t seed);
  ~KafkaWriter();
  KafkaWriter(const KafkaWriter&) = delete;
  KafkaWriter& operator=(const KafkaWriter&) = delete;

  void add(const OutboxEvent& event, Micros created_at);
  // Returns when Kafka has acknowledged all of it.
  void commit();

 private:
  void learn_partitions();
  struct Destroy {
    void operator()(rd_kafka_s* client) const noexcept;
    void operator()(rd_kafka_topic_s* topic) const noexcept;
  };
  void send(const std::string& key, const std::string& value);

  KafkaTopic topic_;
  Random random_;
  std::string failure_;  // of a delivery, filled in by the client within poll and flush
  std::unique_ptr<rd_kafka_s, Destroy> client_;
  std::unique_ptr<rd_kafka_topic_s, Destroy> destination_;
  std::string value_;
  std::int64_t row_ = 0;
};

}  // namespace sluice::kit
