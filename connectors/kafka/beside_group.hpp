// For commands, while the pipeline stands still or somebody else runs it: what can be asked of the source's
// topics, and told to its group, by a client that joins nothing.
#pragma once

#include "core/source.hpp"
#include "kafka/handle.hpp"
#include "kafka/source_options.hpp"

namespace sluice::engine::kafka {

[[nodiscard]] Result<PartitionRanges> ask_ranges(const SourceSettings& settings, const rd_kafka_conf_t& conf);

// Lets the group go on there, without origins. Refused (source.unavailable) while it has members: theirs are
// the positions then.
[[nodiscard]] Result<void> move_group(const SourceSettings& settings, const rd_kafka_conf_t& conf,
                                      const std::map<TopicPartition, Position>& to);

}  // namespace sluice::engine::kafka
