// Where a partition starts, and whether the source is still the one that the position belongs to.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/journal.hpp"
#include "core/source.hpp"

namespace sluice::engine {

// The record to go on from; nothing: from the source's own beginning.
//
// A layout of shares is complete when each of its shares has a record; then everything below the smallest of
// them is settled for all documents. Our own share's record counts for itself. All of these are true, so the
// furthest is taken: an instance of a new layout goes on where the slowest one of the old layout was.
[[nodiscard]] std::optional<PositionRecord> start_record(std::span<const PositionRecord> records,
                                                         const TopicPartition& partition, const Share& share);

// Where a partition starts, of what is recorded of it and where the source itself would go on. The latter
// counts first; but a record without a witness was set by hand (`sluice positions reset`),
// and that counts more. Nothing: the source's own beginning.
[[nodiscard]] std::optional<Position> start_position(const std::optional<PositionRecord>& recorded,
                                                     std::optional<Position> committed) noexcept;

// The same with the origins that belong to the position. Where both have it, the source may have lost them,
// and the record not.
[[nodiscard]] std::optional<Progress> start_progress(const std::optional<PositionRecord>& recorded,
                                                     const std::optional<Progress>& committed);

// Why the source is not the one that the position belongs to: it ends before it, or its witness is another
// record now. Nothing if it may be.
[[nodiscard]] std::optional<std::string> why_recreated(const PositionRecord& record,
                                                       const PositionCheck& found);

// source.recreated, with the command that resets the position, when why_recreated() has something to say.
[[nodiscard]] Result<void> check_log(const PositionRecord& record, const PositionCheck& found,
                                     std::string_view pipeline);

}  // namespace sluice::engine
