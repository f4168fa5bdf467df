// Writes events to a topic of Kafka as Debezium would.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "kit/envelope.hpp"
#include "kit/target.hpp"

struct rd_kafka_s;
struct rd_kafka_topic_s;

namespace sluice::kit {

struct KafkaTopic {
  std::string brokers;
  std::string topic = "postgres.activity.event_outbox";
  bool schemas = false;  // in every record, as Connect writes them if nobody tells it not to
  int batch_bytes = 1'000'000;
  // How long a record waits for others. A load at full speed fills its batches long before.
  std::chrono::milliseconds linger{1000};
};

// Throws std::runtime_error when no broker answers, or when Kafka does not take a record for good. A
// redelivered event is sent twice.
class KafkaWriter final : public EventTarget {
 public:
  explicit KafkaWriter(KafkaTopic topic);
  ~KafkaWriter() override;

  void add(const OutboxEvent& event, Micros created_at) override;
  void commit() override;
  // Returns when Kafka has acknowledged all of it.
  void finish() override;

 private:
  struct Destroy {
    void operator()(rd_kafka_s* client) const noexcept;
    void operator()(rd_kafka_topic_s* topic) const noexcept;
  };
  void learn_partitions();
  void send();
  void make_room();
  void fail_if_refused() const;

  KafkaTopic topic_;
  EnvelopeWriter envelopes_;
  std::string failure_;  // of a delivery, filled in by the client within poll and flush
  std::unique_ptr<rd_kafka_s, Destroy> client_;
  std::unique_ptr<rd_kafka_topic_s, Destroy> destination_;
  std::string key_;
  std::string value_;
  std::int64_t row_ = 0;  // in the log that the topic comes from, which goes on where the topic ends
};

}  // namespace sluice::kit
