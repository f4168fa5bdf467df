// Plugins: the host side of sluice/abi.h. The way of a plugin, for whoever wires pipelines:
//
//   auto file = find_plugin("activity", folders.all());          // finder.hpp
//   auto manifest = read_manifest(*file);                        // manifest.hpp: nothing of it runs
//   auto plugin = Plugin::load(*manifest, log);                  // now it is in the process, for good
//   const ComponentSpec* component = plugin->find("user_created");  // its options, for checking the YAML
//   auto handler = plugin->make_handler("user_created", "activity.user_created", options);
//
// A library that has been loaded is never unloaded, so handlers and sinks may outlive their Plugin.
// A Plugin may be used from any thread; a handler or sink belongs to the thread that uses it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "core/handler.hpp"
#include "core/options.hpp"
#include "plugin/finder.hpp"
#include "plugin/manifest.hpp"
#include "plugin/version_range.hpp"

namespace sluice::engine {

enum class PluginLogLevel : std::uint8_t { debug, info, warning, error };

// Where the log lines of plugins go, with the name of the instance that writes. Called on any thread; may be
// empty.
using PluginLog =
    std::function<void(PluginLogLevel level, std::string_view instance, std::string_view message)>;

enum class ComponentKind : std::uint8_t { handler, sink };
[[nodiscard]] constexpr std::string_view to_text(ComponentKind kind) noexcept {
  return kind == ComponentKind::handler ? "handler" : "sink";
}

// What a plugin declares of one of its handlers or sinks.
struct ComponentSpec {
  std::string name;
  ComponentKind kind = ComponentKind::handler;
  std::string help;
  std::vector<std::string> event_types;  // empty: any
  std::vector<OptionSpec> options;
};

class Plugin {
 public:
  // Loads the library and checks all that it declares. Errors are plugin.refused: a symbol that is missing,
  // an entry that returns nothing, a struct that is too small, a name that is none or that comes twice, an
  // option whose default is no value of its type.
  [[nodiscard]] static Result<std::shared_ptr<const Plugin>> load(const Manifest& manifest, PluginLog log);
  ~Plugin();
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  [[nodiscard]] const Manifest& manifest() const noexcept;
  [[nodiscard]] std::span<const ComponentSpec> components() const noexcept;
  // Null when there is none of the name.
  [[nodiscard]] const ComponentSpec* find(std::string_view component) const noexcept;

  // An instance for one thread; `instance` is its name in the configuration. The options are checked against
  // the component's specs. Throws ConfigurationError (plugin.refused) when the plugin's constructor refuses,
  // or when there is no such component of the kind.
  [[nodiscard]] std::unique_ptr<Handler> make_handler(std::string_view component, std::string_view instance,
                                                      const Options& options) const;
  [[nodiscard]] std::unique_ptr<Sink> make_sink(std::string_view component, std::string_view instance,
                                                const Options& options) const;

 private:
  class Library;
  explicit Plugin(std::unique_ptr<const Library> library);
  std::unique_ptr<const Library> library_;
};

}  // namespace sluice::engine
