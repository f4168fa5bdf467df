// The connector "kafka": topics as a source, and a topic of dead letters.
#pragma once

#include "core/connector.hpp"

namespace sluice::engine::kafka {

[[nodiscard]] const Connector& connector();

}  // namespace sluice::engine::kafka
