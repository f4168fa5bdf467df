// The connector "memory": a store and dead letters that are gone with the process.
#pragma once

#include "core/connector.hpp"

namespace sluice::engine::memory {

[[nodiscard]] const Connector& connector();

}  // namespace sluice::engine::memory
