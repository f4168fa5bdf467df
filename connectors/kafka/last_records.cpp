#include "kafka/last_records.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include "kafka/failure.hpp"
#include "kafka/record.hpp"

namespace sluice::engine::kafka {
namespace {

// Ends the assignment with the scope.
class Assigned {
 public:
  Assigned(rd_kafka_t& client, const rd_kafka_topic_partition_list_t& partitions)
      : client_(client), error_(rd_kafka_assign(&client, &partitions)) {}
  ~Assigned() { rd_kafka_assign(&client_, nullptr); }
  Assigned(const Assigned&) = delete;
  Assigned& operator=(const Assigned&) = delete;
  [[nodiscard]] rd_kafka_resp_err_t error() const noexcept { return error_; }

 private:
  rd_kafka_t& client_;
  rd_kafka_resp_err_t error_;
};

}  // namespace

Result<void> read_records(rd_kafka_t& client, std::vector<RecordRange> ranges, milliseconds at_most,
                          const std::function<void(const Record&)>& each) {
  std::erase_if(ranges, [](const RecordRange& range) { return range.from >= range.to; });
  if (ranges.empty()) return {};
  std::map<TopicPartition, std::int64_t> open;  // and where each ends
  const PartitionList list = partition_list(static_cast<int>(ranges.size()));
  for (const RecordRange& range : ranges) {
    open.emplace(range.partition, range.to);
    rd_kafka_topic_partition_list_add(list.get(), range.partition.topic.c_str(), range.partition.partition)
        ->offset = range.from;
  }
  const Assigned assigned(client, *list);
  if (assigned.error() != RD_KAFKA_RESP_ERR_NO_ERROR)
    return source_error("reading records", assigned.error());

  const auto deadline = std::chrono::steady_clock::now() + at_most;
  while (!open.empty()) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    const std::string first =
        '"' + open.begin()->first.topic + "\" partition " + std::to_string(open.begin()->first.partition);
    if (left.count() <= 0) return source_error("reading " + first, RD_KAFKA_RESP_ERR__TIMED_OUT);
    const Message message(rd_kafka_consumer_poll(&client, static_cast<int>(left.count())));
    if (!message || message->rkt == nullptr) continue;
    const auto range = open.find({rd_kafka_topic_name(message->rkt), message->partition});
    if (range == open.end()) continue;
    switch (message->err) {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        if (message->offset < range->second) {
          Arena arena;
          Record record;
          fill(record, *message, arena);
          each(record);
        }
        if (message->offset + 1 >= range->second) open.erase(range);
        break;
      case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:  // deleted in the meantime
        open.erase(range);
        break;
      default:
        if (gravity(message->err) == Gravity::fatal)
          return source_error("reading \"" + range->first.topic + '"', message->err,
                              rd_kafka_message_errstr(message.get()));
    }
  }
  return {};
}

}  // namespace sluice::engine::kafka
