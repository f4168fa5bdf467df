// Reads the last records of partitions, and single ones, beside the group: a client that has joined nothing.
#pragma once

#include <functional>
#include <vector>

#include "base/result.hpp"
#include "core/record.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

struct RecordRange {
  TopicPartition partition;
  std::int64_t from = 0;
  std::int64_t to = 0;  // not included
};

// Calls `each` for the records of the ranges that are there. The client is a consumer without a subscription;
// afterwards nothing is assigned to it. An error when some did not come within the bound, or may not be read.
[[nodiscard]] Result<void> read_records(rd_kafka_t& client, std::vector<RecordRange> ranges,
                                        milliseconds at_most, const std::function<void(const Record&)>& each);

}  // namespace sluice::engine::kafka
