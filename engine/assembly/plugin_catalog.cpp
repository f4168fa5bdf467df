#include "assembly/plugin_catalog.hpp"

namespace sluice::engine {
namespace {

Result<std::shared_ptr<const Plugin>> find_and_load(std::string_view name,
                                                    std::span<const std::filesystem::path> folders,
                                                    const PluginLog& log) {
  auto file = find_plugin(name, folders);
  if (!file) return std::move(file.error());
  auto manifest = read_manifest(*file);
  if (!manifest) return std::move(manifest.error());
  return Plugin::load(*manifest, log);
}

}  // namespace

PluginCatalog::PluginCatalog(std::vector<std::filesystem::path> folders, PluginLog log)
    : folders_(std::move(folders)), log_(std::move(log)) {}

Result<std::shared_ptr<const Plugin>> PluginCatalog::load(const PluginConfig& wanted) {
  auto known = plugins_.find(wanted.name);
  if (known == plugins_.end())
    known = plugins_.emplace(wanted.name, find_and_load(wanted.name, folders_, log_)).first;
  const auto& plugin = known->second;
  if (!plugin) return plugin;
  const auto range = VersionRange::parse(wanted.versions);
  if (!range) return range.error();
  const Manifest& manifest = plugin.value()->manifest();
  if (range->contains(manifest.version)) return plugin;
  return Error{Code::plugin_refused, "plugin " + wanted.name + " is version " + manifest.version + " (" +
                                         manifest.file.string() + "), but the configuration wants " +
                                         wanted.versions};
}

std::shared_ptr<const Plugin> PluginCatalog::find(std::string_view name) const {
  const auto known = plugins_.find(name);
  if (known == plugins_.end() || !known->second) return nullptr;
  return known->second.value();
}

std::vector<DeclaredPlugin> PluginCatalog::declared() const {
  std::vector<DeclaredPlugin> declared;
  for (const auto& [name, plugin] : plugins_) {
    if (!plugin) continue;
    DeclaredPlugin& entry = declared.emplace_back(DeclaredPlugin{name, {}});
    for (const ComponentSpec& component : plugin.value()->components())
      entry.components.push_back(
          {component.name, component.kind == ComponentKind::sink, component.event_types, component.options});
  }
  return declared;
}

}  // namespace sluice::engine
