// The producer of a topic of dead letters. One thread at a time.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "core/dead_letters.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

// How to make the topic where it is missing.
struct TopicPlan {
  int partitions = 0;
  int replication = 0;
  std::map<std::string, std::string> settings;  // of the topic, by Kafka's names
};

// Makes it. With `only_validate` the broker just says whether it would: rights, replication, settings.
[[nodiscard]] Result<void> make_topic(rd_kafka_t& client, const std::string& topic, const TopicPlan& plan,
                                      bool only_validate);

class LetterWriter {
 public:
  LetterWriter(std::string topic, std::optional<TopicPlan> plan, Conf conf)
      : topic_(std::move(topic)), plan_(std::move(plan)), conf_(std::move(conf)) {}

  // Connects; finds the topic, or makes it.
  [[nodiscard]] Result<void> open();
  // Returns when all are acknowledged, or with why one was not. After a failure the topic is found, or made,
  // anew: one that is gone for good is waited for, as somebody may mend it.
  [[nodiscard]] Result<void> write(std::span<const DeadLetter> letters);

 private:
  struct Delivery {
    std::size_t missing = 0;  // reports
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  };

  static void on_delivery(rd_kafka_t* client, const rd_kafka_message_t* message, void* self);
  static void on_error(rd_kafka_t* client, int error, const char* reason, void* self);

  [[nodiscard]] Result<void> connect();
  [[nodiscard]] Result<void> find_topic();
  [[nodiscard]] rd_kafka_resp_err_t produce(const DeadLetter& letter, Delivery& delivery);
  void wait_for(Delivery& delivery);
  [[nodiscard]] Error failure(const Delivery& delivery) const;

  std::string topic_;
  std::optional<TopicPlan> plan_;
  Conf conf_;
  Client client_;
  Topic known_;  // that was found; the client keeps its partitions while it is held
  rd_kafka_resp_err_t last_error_ = RD_KAFKA_RESP_ERR_NO_ERROR;  // of a connection
  std::string last_reason_;
};

}  // namespace sluice::engine::kafka
