// Questions to the brokers about themselves and about topics; each blocks up to its bound.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

// What a client that was just made has to hear of a broker, and then of its topic.
constexpr milliseconds connect_bound{5'000};
constexpr milliseconds topic_bound{3'000};
constexpr milliseconds ends_bound{5'000};
constexpr milliseconds one_question{250};  // of several within such a bound

// Whether any broker answers.
[[nodiscard]] rd_kafka_resp_err_t ask_brokers(rd_kafka_t& client, milliseconds at_most);

// The id of the cluster, the same by whichever address it is reached; empty when no broker says it.
[[nodiscard]] std::string ask_cluster(rd_kafka_t& client, milliseconds at_most);

struct TopicAnswer {
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  int partitions = 0;
  // While it is held, the client knows the topic's partitions. It forgets a topic that nobody holds, and of
  // records that are produced while it asks again, one may overtake those before it (librdkafka 2.0.2).
  Topic topic{};
};

// Whether the topic is there. One that was just made may be unknown to a broker for a moment: asked again
// within the bound.
[[nodiscard]] TopicAnswer ask_topic(rd_kafka_t& client, const std::string& name, milliseconds at_most);

struct EndsAnswer {
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::int64_t begin = 0;
  std::int64_t end = 0;  // after the last record
};

// Where the partition begins and ends now, from the broker; asked again within the bound, as a broker may be
// about to hand on the partition, or to take it.
[[nodiscard]] EndsAnswer ask_ends(rd_kafka_t& client, const std::string& topic, std::int32_t partition,
                                  milliseconds at_most);

}  // namespace sluice::engine::kafka
