// Which payloads no pipeline may take, whatever its handlers say: the limits and rules that
// docs/configuration.md and docs/errors.md give. Written apart from the engine, like rules.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::kit {

// The code of the first thing that is wrong, or nothing.
[[nodiscard]] std::optional<std::string> unlawful(std::string_view payload);

}  // namespace sluice::kit
