// What librdkafka tells of itself every few seconds, cut down to what an operator asks for.
#pragma once

#include <string_view>

#include "core/source.hpp"

namespace sluice::engine::kafka {

// Of the JSON of librdkafka 2.0.2 (STATISTICS.md): brokers, brokers_up, round_trip_ms (the slowest broker's
// mean), queued_records and queued_bytes (fetched and not yet read), received_records, received_bytes,
// rebalances. Empty if it is none.
[[nodiscard]] SourceFigures read_statistics(std::string_view json);

}  // namespace sluice::engine::kafka
