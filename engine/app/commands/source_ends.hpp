// A pipeline's source, opened by a command: where it ends at this moment, and where the pipeline is to go on.
#pragma once

#include <map>
#include <span>

#include "config/config.hpp"
#include "core/journal.hpp"

namespace sluice::engine {

// Opens the source and asks for the end of each of its partitions; those that do not tell it are left out.
// `known` is where to open it, so that nothing is read that was read before. Throws CommandFailed.
[[nodiscard]] std::map<TopicPartition, Position> source_ends(const PipelineConfig& pipeline,
                                                             std::span<const PositionRecord> known);

// Lets a source that remembers positions itself, as a consumer group does, remember these. Those of
// partitions that other members of the group hold it does not get; the pipeline's own record counts in any
// case. Throws CommandFailed.
void move_source(const PipelineConfig& pipeline, std::span<const PositionRecord> to);

}  // namespace sluice::engine
