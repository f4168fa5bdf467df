// An independent client of a broker, for tests: makes and deletes topics, appends records, in transactions
// too, and reads what a group has committed. Everything is done when a call returns; failures throw.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/record.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka_support {

struct Sent {
  std::optional<std::string> key{};
  std::optional<std::string> value{};
  std::vector<std::pair<std::string, std::optional<std::string>>> headers{};
  std::int64_t timestamp = 0;  // in milliseconds; 0 is now
};

struct Read {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  Sent record;
};

class KafkaClient {
 public:
  explicit KafkaClient(std::string brokers);

  void create_topic(const std::string& name, int partitions = 1,
                    const std::map<std::string, std::string>& settings = {});
  void delete_topic(const std::string& name);
  // Deletes and makes it anew.
  void recreate_topic(const std::string& name, int partitions);
  // How many partitions it has now; 0: there is no such topic. Asking makes none.
  [[nodiscard]] int partitions(const std::string& topic);
  [[nodiscard]] std::string setting(const std::string& topic, const std::string& name);
  // The broker forgets what is before the offset.
  void delete_records(const std::string& topic, int partition, std::int64_t before);

  void append(const std::string& topic, int partition, const std::vector<Sent>& records);
  // In a transaction, which is then committed or aborted.
  void append_in_transaction(const std::string& topic, int partition, const std::vector<Sent>& records,
                             bool commit);

  [[nodiscard]] std::vector<Read> read_all(const std::string& topic);
  [[nodiscard]] std::int64_t end(const std::string& topic, int partition);
  [[nodiscard]] std::optional<std::int64_t> committed(const std::string& group, const std::string& topic,
                                                      int partition);
  void commit(const std::string& group, const std::string& topic, int partition, std::int64_t offset);

  // "name-3f2a…", of which there is no other.
  [[nodiscard]] static std::string unique(const std::string& name);

 private:
  [[nodiscard]] kafka::Client consumer(const std::string& group);
  void produce(rd_kafka_t& producer, const std::string& topic, int partition,
               const std::vector<Sent>& records);

  std::string brokers_;
  kafka::Client producer_;
};

}  // namespace sluice::engine::kafka_support
