// The list of all connectors: the one place that knows them.
#pragma once

#include <span>
#include <string_view>

#include "config/vocabulary.hpp"
#include "core/connector.hpp"

namespace sluice::engine {

[[nodiscard]] std::span<const Connector* const> all_connectors();

// Null when there is none of that name.
[[nodiscard]] const Connector* find_connector(std::string_view name);

// What a configuration may name: the connectors in each role and the decoders.
[[nodiscard]] Vocabulary vocabulary();

}  // namespace sluice::engine
