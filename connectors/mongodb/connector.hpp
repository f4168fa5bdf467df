// The connector "mongodb": documents.
#pragma once

#include "core/connector.hpp"

namespace sluice::engine::mongodb {

[[nodiscard]] const Connector& connector();

}  // namespace sluice::engine::mongodb
