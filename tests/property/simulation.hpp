// A run of the whole world: instances that step, die, are replaced and come back in other share layouts,
// letters that are replayed, until all is done; then the documents are checked.
#pragma once

#include <optional>
#include <string>

#include "world.hpp"

namespace sluice::engine::simulation {

// What went wrong; nothing when every change of every event is applied once and in order.
[[nodiscard]] std::optional<std::string> simulate(const Plan& plan);

}  // namespace sluice::engine::simulation
