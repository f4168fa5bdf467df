// What a plugin's entry returns, taken down and checked: nothing of it is used before.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "plugin/plugins.hpp"
#include "sluice/abi.h"

namespace sluice::engine {

struct CheckedComponent {
  ComponentSpec spec;
  const sluice_component* abi;  // static data of the library
};

// Errors begin where a name of the plugin would end: "declares no components".
[[nodiscard]] Result<std::vector<CheckedComponent>> check_declarations(const sluice_plugin& plugin,
                                                                       const Manifest& manifest);

}  // namespace sluice::engine
