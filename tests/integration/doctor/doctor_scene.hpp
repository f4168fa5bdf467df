// A pipeline from Kafka to MongoDB that is in order: each test spoils one thing of it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "doctor_run.hpp"
#include "kafka_support/client.hpp"
#include "support/mongodb_database.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine {

[[nodiscard]] std::string brokers();
// MongoDatabase finds it too, after this.
[[nodiscard]] std::string mongodb_uri();

// Events of the fixtures, as rows that Debezium has captured, keyed by their aggregate.
[[nodiscard]] std::vector<kafka_support::Sent> captured_events();

class DoctorScene : public testing::Test {
 protected:
  DoctorScene();

  // The configuration, with some of its values replaced: brokers, topics, source (further options), uri,
  // letters, id, collections.
  [[nodiscard]] Said examine(const std::map<std::string, std::string>& other = {},
                             const std::string& more = "");
  static void expect_problem(const Said& said, const std::string& what, const std::string& remedy);
  static void expect_warning(const Said& said, const std::string& what, const std::string& remedy);
  void make_topic(const std::string& name, int partitions,
                  const std::map<std::string, std::string>& settings = {});

  kafka_support::KafkaClient client_{brokers()};
  std::string uri_ = mongodb_uri();
  MongoDatabase database_;
  TempFolder folder_;
  std::string topic_ = kafka_support::KafkaClient::unique("events");
  std::string letters_ = kafka_support::KafkaClient::unique("letters");
  std::string group_ = kafka_support::KafkaClient::unique("group");
};

}  // namespace sluice::engine
