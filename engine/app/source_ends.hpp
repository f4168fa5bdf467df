// Where a pipeline's source ends at this moment.
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

}  // namespace sluice::engine
