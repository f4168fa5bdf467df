// A configuration with its plugins, loaded and bound: what pipelines are assembled from.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "assembly/plugin_catalog.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "config/load.hpp"
#include "config/place.hpp"

namespace sluice::engine {

struct Setup {
  Config config;
  std::shared_ptr<PluginCatalog> plugins;
  std::map<std::string, Error> refused;  // pipelines one of whose plugins was refused, and why
  std::vector<Problem> problems;         // of files and of what only plugins could tell

  [[nodiscard]] bool ok() const noexcept { return problems.empty(); }
};

// Loads what can be loaded; nothing is thrown for problems and refusals. The first folder that has a plugin
// counts.
[[nodiscard]] Setup set_up(Loaded loaded, std::vector<std::filesystem::path> folders, PluginLog log);

}  // namespace sluice::engine
