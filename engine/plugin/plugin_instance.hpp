// One instance of a component, made by the plugin and given back to it.
#pragma once

#include <memory>
#include <string_view>

#include "core/options.hpp"
#include "plugin/host.hpp"
#include "sluice/abi.h"

namespace sluice::engine {

class PluginInstance {
 public:
  // Throws ConfigurationError (plugin.refused) with the plugin's reason.
  PluginInstance(const sluice_component& component, std::string_view name, const Options& options,
                 PluginLog log);

  [[nodiscard]] const sluice_component& component() const noexcept { return *component_; }
  [[nodiscard]] void* get() const noexcept { return instance_.get(); }

 private:
  using Destroy = void (*)(void*);

  const sluice_component* component_;
  std::unique_ptr<PluginHost> host_;  // outlives the instance, and stays where it is
  std::unique_ptr<void, Destroy> instance_;
};

}  // namespace sluice::engine
