// The broker of a test program.
#pragma once

#include <string>

#include "support/services.hpp"

namespace sluice::engine {

[[nodiscard]] Services& kafka_services();
[[nodiscard]] std::string kafka_brokers();

}  // namespace sluice::engine
