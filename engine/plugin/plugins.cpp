#include "plugin/plugins.hpp"

#include <dlfcn.h>

#include <boost/dll/shared_library.hpp>
#include <string>
#include <utility>

#include "plugin/declarations.hpp"
#include "plugin/host.hpp"
#include "plugin/plugin_handler.hpp"
#include "plugin/plugin_sink.hpp"
#include "plugin/refusal.hpp"

namespace sluice::engine {
namespace {

// What the loader itself says, without Boost's words around it.
std::string loader_reason(const std::string& message) {
  constexpr std::string_view before = "dlerror system message: ";
  const auto start = message.find(before);
  if (start == std::string::npos) return message;
  std::string reason = message.substr(start + before.size());
  return reason.substr(0, reason.rfind(')'));
}

// RTLD_NODELETE, which Boost hands on to dlopen: the library stays when the last handle goes, as unloading
// libraries with threads or thread-local data crashes.
constexpr auto load_mode = static_cast<boost::dll::load_mode::type>(
    boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local | RTLD_NODELETE);

}  // namespace

class Plugin::Library {
 public:
  Library(Manifest manifest, PluginLog log)
      : manifest_(std::move(manifest)), log_(std::move(log)), host_(log_, manifest_.name) {}

  [[nodiscard]] Result<void> load() {
    boost::dll::shared_library library;
    try {
      library.load(std::filesystem::absolute(manifest_.file).string(), load_mode);
    } catch (const std::exception& error) {
      return refusal(manifest_.file, "cannot be loaded: " + loader_reason(error.what()));
    }
    if (!library.has(SLUICE_PLUGIN_ENTRY))
      return refusal(manifest_.file, "has a manifest but no function " SLUICE_PLUGIN_ENTRY
                                     ": is it hidden by a linker script? SLUICE_PLUGIN(…) exports it");
    const auto entry = library.get<const sluice_plugin*(const sluice_host*)>(SLUICE_PLUGIN_ENTRY);
    const sluice_plugin* plugin = entry(host_.abi());
    if (plugin == nullptr) return refusal(manifest_.file, "refused to start: its entry returned nothing");
    auto checked = check_declarations(*plugin, manifest_);
    if (!checked) return refusal(manifest_.file, checked.error().message);
    components_ = *std::move(checked);
    for (const CheckedComponent& component : components_) specs_.push_back(component.spec);
    return {};
  }

  [[nodiscard]] const Manifest& manifest() const noexcept { return manifest_; }
  [[nodiscard]] const PluginLog& log() const noexcept { return log_; }
  [[nodiscard]] std::span<const ComponentSpec> specs() const noexcept { return specs_; }

  [[nodiscard]] const sluice_component& component(std::string_view name, ComponentKind kind) const {
    for (const CheckedComponent& one : components_)
      if (one.spec.name == name && one.spec.kind == kind) return *one.abi;
    throw ConfigurationError("the plugin \"" + manifest_.name + "\" has no " + std::string(to_text(kind)) +
                                 " \"" + std::string(name) + '"',
                             Code::plugin_refused);
  }

 private:
  Manifest manifest_;
  PluginLog log_;
  PluginHost host_;
  std::vector<CheckedComponent> components_;
  std::vector<ComponentSpec> specs_;
};

Plugin::Plugin(std::unique_ptr<const Library> library) : library_(std::move(library)) {}
Plugin::~Plugin() = default;

Result<std::shared_ptr<const Plugin>> Plugin::load(const Manifest& manifest, PluginLog log) {
  auto library = std::make_unique<Library>(manifest, std::move(log));
  if (auto loaded = library->load(); !loaded) return loaded.error();
  return std::shared_ptr<const Plugin>(new Plugin(std::move(library)));
}

const Manifest& Plugin::manifest() const noexcept { return library_->manifest(); }
std::span<const ComponentSpec> Plugin::components() const noexcept { return library_->specs(); }

const ComponentSpec* Plugin::find(std::string_view component) const noexcept {
  for (const ComponentSpec& spec : library_->specs())
    if (spec.name == component) return &spec;
  return nullptr;
}

std::unique_ptr<Handler> Plugin::make_handler(std::string_view component, std::string_view instance,
                                              const Options& options) const {
  return std::make_unique<PluginHandler>(PluginInstance(
      library_->component(component, ComponentKind::handler), instance, options, library_->log()));
}

std::unique_ptr<Sink> Plugin::make_sink(std::string_view component, std::string_view instance,
                                        const Options& options) const {
  return std::make_unique<PluginSink>(PluginInstance(library_->component(component, ComponentKind::sink),
                                                     instance, options, library_->log()));
}

}  // namespace sluice::engine
