// Against librdkafka's own imitation of a broker, which gives the answers it is told to give.
#include "kafka/letter_writer.hpp"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>

namespace sluice::engine::kafka {
namespace {

constexpr std::int16_t produce_requests = 0;  // the number in Kafka's protocol

class Broker {
 public:
  Broker() {
    std::array<char, 512> reason{};
    client_ = Client(rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), reason.data(), reason.size()),
                     ClientDeleter{});
    cluster_ = rd_kafka_mock_cluster_new(client_.get(), 1);
    rd_kafka_mock_topic_create(cluster_, "dead", 1, 1);
  }
  ~Broker() { rd_kafka_mock_cluster_destroy(cluster_); }
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  void answer_once(rd_kafka_resp_err_t error) {
    rd_kafka_mock_push_request_errors(cluster_, produce_requests, 1, error);
  }

  [[nodiscard]] Conf conf() const {
    Conf conf(rd_kafka_conf_new());
    std::array<char, 512> reason{};
    rd_kafka_conf_set(conf.get(), "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster_),
                      reason.data(), reason.size());
    rd_kafka_conf_set(conf.get(), "enable.idempotence", "true", reason.data(), reason.size());
    return conf;
  }

 private:
  Client client_;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

DeadLetter letter() {
  DeadLetter letter;
  letter.pipeline = "p";
  letter.topic = "events";
  letter.value = "{}";
  return letter;
}

TEST(LetterWriter, writes_what_the_broker_takes) {
  const Broker broker;
  LetterWriter writer("dead", std::nullopt, broker.conf());
  ASSERT_TRUE(writer.open().ok());
  EXPECT_TRUE(writer.write(std::array{letter()}).ok());
}

TEST(LetterWriter, takes_an_acknowledgement_without_an_offset_for_none) {
  Broker broker;
  LetterWriter writer("dead", std::nullopt, broker.conf());
  ASSERT_TRUE(writer.open().ok());
  broker.answer_once(RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER);
  const Result<void> written = writer.write(std::array{letter()});
  ASSERT_FALSE(written.ok()) << "the broker has told no offset";
  EXPECT_EQ(written.error().code, Code::dead_letters_unavailable);
  EXPECT_TRUE(writer.write(std::array{letter()}).ok()) << "written again";
}

}  // namespace
}  // namespace sluice::engine::kafka
