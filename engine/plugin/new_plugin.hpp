// Writes a plugin to start from: `sluice new plugin`. The files are those of plugins/sdk/template, which the
// build puts into the program, so nothing of sluice but the program is needed to write them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice::engine {

// File name to content, for a plugin of this name (plugin/names.hpp).
[[nodiscard]] std::map<std::string, std::string> plugin_files(std::string_view name);

// Writes them into the folder, which is made; returns their paths. An error (configuration.invalid) when the
// name is none, when the folder exists and is not empty, or when something cannot be written.
[[nodiscard]] Result<std::vector<std::filesystem::path>> create_plugin(std::string_view name,
                                                                       const std::filesystem::path& folder);

}  // namespace sluice::engine
