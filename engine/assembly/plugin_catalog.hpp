// The plugins of this process: each is found, checked and loaded once, whoever asks for it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/bind.hpp"
#include "config/config.hpp"
#include "plugin/plugins.hpp"

namespace sluice::engine {

// While starting, one thread.
class PluginCatalog {
 public:
  PluginCatalog(std::vector<std::filesystem::path> folders, PluginLog log);

  // plugin.refused: not found, not fit, or not of a version that the configuration accepts.
  [[nodiscard]] Result<std::shared_ptr<const Plugin>> load(const PluginConfig& wanted);

  // Null when it was not loaded.
  [[nodiscard]] std::shared_ptr<const Plugin> find(std::string_view name) const;
  [[nodiscard]] std::vector<DeclaredPlugin> declared() const;

 private:
  std::vector<std::filesystem::path> folders_;
  PluginLog log_;
  std::map<std::string, Result<std::shared_ptr<const Plugin>>, std::less<>> plugins_;
};

}  // namespace sluice::engine
