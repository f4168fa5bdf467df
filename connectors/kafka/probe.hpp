// Reads single records at known places, beside the group: a client of its own, so that the consumer's
// positions, pauses and queues are left alone. Short-lived; one thread.
#pragma once

#include <cstdint>
#include <optional>

#include "core/source.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

class Probe {
 public:
  // Of the source's own configuration.
  [[nodiscard]] static Result<Probe> make(const rd_kafka_conf_t& conf);

  // record_checksum() of the record at exactly this position; nothing if there is none any more, compacted
  // or deleted.
  [[nodiscard]] Result<std::optional<std::uint64_t>> checksum(const TopicPartition& partition,
                                                              Position position);

 private:
  explicit Probe(Client client) : client_(std::move(client)) {}
  Client client_;
};

}  // namespace sluice::engine::kafka
