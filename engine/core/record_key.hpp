// Whether a record's key is that of its event's aggregate: only then do all events of the aggregate lie in
// one partition, in order.
#pragma once

#include <optional>
#include <string_view>

namespace sluice::engine {

// The key may be the id itself, or JSON with nothing else in it, as Connect's converters write: "u-1",
// {"aggregate_id":"u-1"}, and either wrapped in {"schema":…,"payload":…}. Reads JSON: not for every record.
[[nodiscard]] bool is_keyed_by(const std::optional<std::string_view>& key, std::string_view aggregate_id);

}  // namespace sluice::engine
