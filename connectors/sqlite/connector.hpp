// The connector "sqlite": an outbox table as a source, documents, and dead letters.
#pragma once

#include "core/connector.hpp"

namespace sluice::engine::sqlite {

[[nodiscard]] const Connector& connector();

}  // namespace sluice::engine::sqlite
