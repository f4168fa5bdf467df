// The connector "file": lines of a file as a source.
#pragma once

#include "core/connector.hpp"

namespace sluice::engine::file {

[[nodiscard]] const Connector& connector();

}  // namespace sluice::engine::file
