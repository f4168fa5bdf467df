#include "plugin/plugin_instance.hpp"

#include <string>
#include <utility>

namespace sluice::engine {

PluginInstance::PluginInstance(const sluice_component& component, std::string_view name,
                               const Options& options, PluginLog log)
    : component_(&component),
      host_(std::make_unique<PluginHost>(std::move(log), name)),
      instance_(nullptr, component.destroy) {
  const OptionsForPlugin given(options);
  Report report;
  void* made = nullptr;
  const sluice_status status = component.create(given.abi(), host_->abi(), &made, report.abi());
  const auto refuse = [&](const std::string& why) {
    throw ConfigurationError('"' + std::string(name) + "\" cannot be made: " + why, Code::plugin_refused);
  };
  if (status != SLUICE_OK) refuse(report.reason());
  if (made == nullptr) refuse("the plugin said it made one and gave none (a bug of the plugin)");
  instance_.reset(made);
}

}  // namespace sluice::engine
