#include "kit/kafka_writer.hpp"

#include <librdkafka/rdkafka.h>

#include <stdexcept>
#include <utility>

namespace sluice::kit {
namespace {

constexpr int flush_time_ms = 500;

void note_failure(rd_kafka_t*, const rd_kafka_message_t* message, void* failure) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
    *static_cast<std::string*>(failure) = rd_kafka_err2str(message->err);
}

}  // namespace

void KafkaWriter::Destroy::operator()(rd_kafka_s* client) const noexcept { rd_kafka_destroy(client); }
void KafkaWriter::Destroy::operator()(rd_kafka_topic_s* topic) const noexcept {
  rd_kafka_topic_destroy(topic);
}

KafkaWriter::KafkaWriter(KafkaTopic topic) : topic_(std::move(topic)), envelopes_(topic_.schemas) {
  rd_kafka_conf_t* settings = rd_kafka_conf_new();
  char error[512];
  const auto set = [&](const char* name, const char* value) {
    if (rd_kafka_conf_set(settings, name, value, error, sizeof error) == RD_KAFKA_CONF_OK) return;
    rd_kafka_conf_destroy(settings);
    throw std::runtime_error(std::string("Kafka: ") + error);
  };
  set("bootstrap.servers", topic_.brokers.c_str());
  set("enable.idempotence", "true");  // once and in order, whatever the brokers do
  set("message.timeout.ms", "0");     // no end to trying
  set("batch.size", std::to_string(topic_.batch_bytes).c_str());
  set("linger.ms", topic_.batch_bytes > 65'536 ? "50" : "5");  // large batches take their time to fill
  set("queue.buffering.max.messages", "100000");
  set("queue.buffering.max.kbytes", "65536");  // this is the memory that a load takes
  set("delivery.report.only.error", "true");
  rd_kafka_conf_set_opaque(settings, &failure_);
  rd_kafka_conf_set_dr_msg_cb(settings, note_failure);
  client_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, settings, error, sizeof error));
  if (!client_) {
    rd_kafka_conf_destroy(settings);
    throw std::runtime_error(std::string("Kafka: ") + error);
  }
  destination_.reset(rd_kafka_topic_new(client_.get(), topic_.topic.c_str(), nullptr));
  learn_partitions();
}

// A record that is produced while the client learns them may overtake those before it. And sending goes on
// trying for ever, so a wrong address must be noticed before.
void KafkaWriter::learn_partitions() {
  constexpr int bound_ms = 30'000;
  const rd_kafka_metadata_t* known = nullptr;
  const rd_kafka_resp_err_t error = rd_kafka_metadata(client_.get(), 0, destination_.get(), &known, bound_ms);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error("Kafka does not answer at " + topic_.brokers + ": " + rd_kafka_err2str(error));
  rd_kafka_metadata_destroy(known);
}

// What was not acknowledged is not waited for.
KafkaWriter::~KafkaWriter() {
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

void KafkaWriter::add(const OutboxEvent& event, Micros created_at) {
  key_.clear();
  envelopes_.append_key(event, key_);
  value_.clear();
  envelopes_.append_value(event, created_at, ++row_, value_);
  send();
  if (event.redelivered) send();
}

void KafkaWriter::send() {
  constexpr int full_wait_ms = 20;
  // The client copies the value.
  while (rd_kafka_produce(destination_.get(), RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value_.data(),
                          value_.size(), key_.data(), key_.size(), nullptr) != 0) {
    const rd_kafka_resp_err_t error = rd_kafka_last_error();
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL)
      throw std::runtime_error(std::string("Kafka: ") + rd_kafka_err2str(error));
    rd_kafka_poll(client_.get(), full_wait_ms);
    fail_if_refused();
  }
}

// The client sends by itself.
void KafkaWriter::commit() {
  rd_kafka_poll(client_.get(), 0);
  fail_if_refused();
}

void KafkaWriter::finish() {
  while (rd_kafka_flush(client_.get(), flush_time_ms) == RD_KAFKA_RESP_ERR__TIMED_OUT) fail_if_refused();
  fail_if_refused();
}

void KafkaWriter::fail_if_refused() const {
  if (!failure_.empty()) throw std::runtime_error("Kafka did not take a record: " + failure_);
}

}  // namespace sluice::kit
