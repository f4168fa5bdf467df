// The connector "discard": a store for measuring.
#pragma once

#include "core/connector.hpp"

namespace sluice::engine::discard {

[[nodiscard]] const Connector& connector();

}  // namespace sluice::engine::discard
