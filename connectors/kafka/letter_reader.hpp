// Reads a topic of dead letters from its beginning to where it ends now, with a consumer that belongs to no
// group. One thread; short-lived.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/dead_letters.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

class LetterReader {
 public:
  [[nodiscard]] static Result<LetterReader> make(std::string topic, const rd_kafka_conf_t& conf);

  // As DeadLetters::read(). Two passes, so that of the letters only what they leave unapplied is held: the
  // first finds all writings of each, the second gives the last of each, some hundreds at a time.
  [[nodiscard]] Result<void> read(const std::function<bool(const DeadLetter&)>& each);

 private:
  struct Place {
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    auto operator<=>(const Place&) const = default;
  };
  struct Known {  // of a letter
    Timestamp first_failed_at{};
    Place first;
    Place last;
    std::vector<Unapplied> unapplied;
    Timestamp failed_at{};
  };
  struct Range {
    std::int64_t from = 0;
    std::int64_t to = 0;  // not included
  };
  using Ranges = std::map<std::int32_t, Range>;

  LetterReader(std::string topic, Client client) : topic_(std::move(topic)), client_(std::move(client)) {}

  [[nodiscard]] Result<Ranges> whole();
  [[nodiscard]] Result<std::vector<Known>> find_all();
  [[nodiscard]] Result<bool> give(std::span<Known> some, const std::function<bool(const DeadLetter&)>& each);
  [[nodiscard]] Result<void> scan(Ranges ranges, const std::function<void(const rd_kafka_message_t&)>& each);
  [[nodiscard]] Error failure(rd_kafka_resp_err_t error, std::string_view reason = {}) const;

  std::string topic_;
  Client client_;
};

}  // namespace sluice::engine::kafka
