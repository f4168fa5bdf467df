// Dead letters in a topic: each the record as it came, key, value, headers and timestamp, beside its own
// headers those of Kafka Connect and ours (core/dead_letters.hpp). Its partition is left to its key.
//
// A letter is acknowledged by all replicas in sync when write() returns. Written by an idempotent producer,
// it is written twice only when an acknowledgement was lost and a later attempt had to begin anew; read()
// gives it once in any case.
#pragma once

#include "core/connector.hpp"

namespace sluice::engine::kafka {

[[nodiscard]] RoleSpec<DeadLetters> dead_letters_role();

}  // namespace sluice::engine::kafka
