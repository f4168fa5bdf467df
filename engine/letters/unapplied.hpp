// What of an event was not applied, as a letter lists it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/dead_letters.hpp"
#include "sluice/bson.hpp"

namespace sluice::engine {

// The list as JSON, and back from a document that holds it; false if it is none.
[[nodiscard]] std::string unapplied_to_json(std::span<const Unapplied> unapplied);
[[nodiscard]] bool read_unapplied(bson::View list, std::vector<Unapplied>& unapplied);

}  // namespace sluice::engine
