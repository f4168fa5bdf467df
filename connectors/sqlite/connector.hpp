// The connector "sqlite": an outbox table as a source.
#pragma once

#include "core/connector.hpp"

namespace sluice::engine::sqlite {

[[nodiscard]] const Connector& connector();

}  // namespace sluice::engine::sqlite
