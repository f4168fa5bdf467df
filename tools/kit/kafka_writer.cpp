#include "kit/kafka_writer.hpp"

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

namespace sluice::kit {
namespace {

constexpr int answer_ms = 30'000;
constexpr int flush_time_ms = 500;

// An idempotent producer has five batches under way, and one more that is made up. While a further one is
// ready its thread asks without pause whether it may go (librdkafka 2.0.2), for ten times the CPU of all
// else. So there is never room for one: whoever produces waits instead. The half lets the next one grow.
int queue_kilobytes(int batch_bytes) {
  constexpr int bytes_per_kilobyte = 1024;
  return (batch_bytes * 4 + batch_bytes / 2) / bytes_per_kilobyte;
}

void note_failure(rd_kafka_t*, const rd_kafka_message_t* message, void* failure) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
    *static_cast<std::string*>(failure) = rd_kafka_err2str(message->err);
}

// Of a topic that was made a moment ago: not every broker knows all of it at once.
bool is_being_made(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
         error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
}

rd_kafka_resp_err_t count_partitions(rd_kafka_t* client, rd_kafka_topic_t* topic, int& partitions) {
  const rd_kafka_metadata_t* known = nullptr;
  rd_kafka_resp_err_t error = rd_kafka_metadata(client, 0, topic, &known, answer_ms);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return error;
  const rd_kafka_metadata_topic_t& found = known->topics[0];
  error = found.err;
  partitions = found.partition_cnt;
  for (int i = 0; i < partitions && error == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) error = found.partitions[i].err;
  rd_kafka_metadata_destroy(known);
  return error;
}

rd_kafka_resp_err_t count_records(rd_kafka_t* client, rd_kafka_topic_t* topic, std::int64_t& records) {
  int partitions = 0;
  rd_kafka_resp_err_t error = count_partitions(client, topic, partitions);
  records = 0;
  for (int i = 0; i < partitions && error == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    std::int64_t first = 0;
    std::int64_t end = 0;
    error = rd_kafka_query_watermark_offsets(client, rd_kafka_topic_name(topic), i, &first, &end, answer_ms);
    records += end;
  }
  return error;
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
  set("batch.num.messages", "100000");  // bytes bound them
  set("linger.ms", std::to_string(topic_.linger.count()).c_str());
  set("queue.buffering.max.kbytes", std::to_string(queue_kilobytes(topic_.batch_bytes)).c_str());
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
// trying for ever, so a wrong address or name must be noticed before.
void KafkaWriter::learn_partitions() {
  using std::chrono::steady_clock;
  const auto bound = steady_clock::now() + std::chrono::seconds{5};
  rd_kafka_resp_err_t error = count_records(client_.get(), destination_.get(), row_);
  while (is_being_made(error) && steady_clock::now() < bound) {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    error = count_records(client_.get(), destination_.get(), row_);
  }
  if (error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
    throw std::runtime_error("Kafka has no topic " + topic_.topic +
                             ", and makes none by itself: make it first");
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error("Kafka does not answer at " + topic_.brokers + ": " + rd_kafka_err2str(error));
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
  // The client copies the value.
  while (rd_kafka_produce(destination_.get(), RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value_.data(),
                          value_.size(), key_.data(), key_.size(), nullptr) != 0) {
    const rd_kafka_resp_err_t error = rd_kafka_last_error();
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL)
      throw std::runtime_error(std::string("Kafka: ") + rd_kafka_err2str(error));
    make_room();
    fail_if_refused();
  }
}

// Nothing wakes up whoever waits for room. Where many partitions share it, no batch may ever become full:
// what stays full sends what there is.
void KafkaWriter::make_room() {
  constexpr int wait_ms = 2;
  const int before = rd_kafka_outq_len(client_.get());
  rd_kafka_poll(client_.get(), wait_ms);
  if (rd_kafka_outq_len(client_.get()) >= before) rd_kafka_flush(client_.get(), wait_ms);
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
