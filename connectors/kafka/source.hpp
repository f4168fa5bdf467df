// Topics of Kafka as a source.
//
// - Chunks hold the client's own messages: nothing is copied. A message pins the response of the broker that
//   it came in, so what stays longer than its chunk is copied by the engine.
// - Positions are committed when the engine says that they are safe, never before.
// - A short pause of everything is kept to ourselves: the client would throw away what it has fetched. After
//   `patience_when_full` it is told, and polled on, so that the group keeps us.
// - A position that the broker no longer has ends the pipeline, or begins elsewhere, as out_of_range says;
//   one beyond the end always ends it (source.recreated), since watermarks would pass over what comes.
#pragma once

#include "core/connector.hpp"

namespace sluice::engine::kafka {

[[nodiscard]] RoleSpec<Source> source_role();

}  // namespace sluice::engine::kafka
