// The topics that a source names, or matches with a pattern.
#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "kafka/handle.hpp"
#include "kafka/source_options.hpp"

namespace sluice::engine::kafka {

// How many partitions the topic has; source.fatal when there is no such topic, or it may not be looked at.
[[nodiscard]] Result<int> find_topic(rd_kafka_t& client, const std::string& name, milliseconds at_most);

// All topics that this user may see, and how many partitions each has.
using Topics = std::map<std::string, int>;
[[nodiscard]] Result<Topics> list_topics(rd_kafka_t& client, milliseconds at_most);

// Those of the source that are there; of the named ones each must be.
[[nodiscard]] Result<Topics> find_topics(rd_kafka_t& client, const SourceSettings& settings,
                                         milliseconds at_most);

}  // namespace sluice::engine::kafka
