// A message of librdkafka as a record of ours: views into the message, which must outlive it.
#pragma once

#include "base/arena.hpp"
#include "core/record.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

// Fills all but the partition's id. Headers, where there are any, are listed in the arena.
inline void fill(Record& record, const rd_kafka_message_t& message, Arena& arena) {
  const auto bytes = [](const void* from, std::size_t size) -> std::optional<std::string_view> {
    if (from == nullptr) return std::nullopt;
    return std::string_view(static_cast<const char*>(from), size);
  };
  record.position = {message.offset};
  record.partition_number = message.partition;
  record.topic = rd_kafka_topic_name(message.rkt);
  record.key = bytes(message.key, message.key_len);
  record.value = bytes(message.payload, message.len);

  rd_kafka_timestamp_type_t kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const std::int64_t since_1970 = rd_kafka_message_timestamp(&message, &kind);
  // Nanoseconds that a producer took for milliseconds are more than any time that there is: none is known.
  if (kind != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && since_1970 >= 0 && since_1970 <= latest_ms) {
    record.timestamp = Timestamp(milliseconds(since_1970));
    record.timestamp_kind =
        kind == RD_KAFKA_TIMESTAMP_CREATE_TIME ? TimestampKind::create : TimestampKind::log_append;
  }

  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const std::span<Header> list = arena.array<Header>(rd_kafka_header_cnt(headers));
  for (std::size_t i = 0; i < list.size(); ++i) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    if (rd_kafka_header_get_all(headers, i, &name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) break;
    list[i] = {name, bytes(value, size)};
  }
  record.headers = list;
}

}  // namespace sluice::engine::kafka
