// One owner for each handle of librdkafka, and no raw handle that owns anything elsewhere.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

#include "base/result.hpp"

namespace sluice::engine::kafka {

template <auto destroy>
struct Deleter {
  template <class Handle>
  void operator()(Handle* handle) const noexcept {
    destroy(handle);
  }
};

// A client must not end before what came from it, messages above all, so it may have several owners. It ends
// without a goodbye to its group: whoever wants one closes the consumer first.
struct ClientDeleter {
  void operator()(rd_kafka_t* client) const noexcept {
    if (client == nullptr) return;  // a shared pointer calls its deleter for none as well
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  }
};

using Conf = std::unique_ptr<rd_kafka_conf_t, Deleter<rd_kafka_conf_destroy>>;
using Client = std::shared_ptr<rd_kafka_t>;
using Topic = std::unique_ptr<rd_kafka_topic_t, Deleter<rd_kafka_topic_destroy>>;
using Message = std::unique_ptr<rd_kafka_message_t, Deleter<rd_kafka_message_destroy>>;
using Headers = std::unique_ptr<rd_kafka_headers_t, Deleter<rd_kafka_headers_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Deleter<rd_kafka_queue_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Deleter<rd_kafka_event_destroy>>;
using ErrorObject = std::unique_ptr<rd_kafka_error_t, Deleter<rd_kafka_error_destroy>>;
using PartitionList =
    std::unique_ptr<rd_kafka_topic_partition_list_t, Deleter<rd_kafka_topic_partition_list_destroy>>;
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Deleter<rd_kafka_NewTopic_destroy>>;
using AdminOptions = std::unique_ptr<rd_kafka_AdminOptions_t, Deleter<rd_kafka_AdminOptions_destroy>>;
using Metadata = std::unique_ptr<const rd_kafka_metadata_t, Deleter<rd_kafka_metadata_destroy>>;

// Error of this code, with the client's own words, when it refuses its options.
[[nodiscard]] Result<Client> make_client(rd_kafka_type_t kind, Conf conf, Code code);

[[nodiscard]] inline PartitionList partition_list(int expected) {
  return PartitionList(rd_kafka_topic_partition_list_new(expected));
}

}  // namespace sluice::engine::kafka
