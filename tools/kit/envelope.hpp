// What Debezium makes of a row of the outbox.
#pragma once

#include <cstdint>
#include <string>

#include "kit/time.hpp"
#include "kit/world.hpp"

namespace sluice::kit {

// The envelope of an inserted row, without schemas; `row` counts the rows and stands in for PostgreSQL's
// positions.
void append_envelope(const OutboxEvent& event, Micros created_at, std::int64_t row, std::string& out);

// The key, as `message.key.columns` on the aggregate's id makes it.
[[nodiscard]] std::string envelope_key(const OutboxEvent& event);

}  // namespace sluice::kit
