#include "config/bind.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/nearest.hpp"
#include "config/pipeline_reader.hpp"
#include "config/raw_options.hpp"

namespace sluice::engine {
namespace {

using namespace config;

class Binder {
 public:
  Binder(PipelineConfig& pipeline, std::span<const DeclaredPlugin> plugins)
      : pipeline_(pipeline), plugins_(plugins), path_(path_of("pipelines", pipeline.name)) {}

  std::vector<Problem> bind() {
    spread_routes();
    for (HandlerConfig& handler : pipeline_.handlers) bind_handler(handler);
    expect_reachable_routes();
    expect_store();
    std::ranges::stable_sort(problems_, [](const Problem& a, const Problem& b) {
      return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
    return std::move(problems_);
  }

 private:
  const DeclaredPlugin* find_plugin(std::string_view name) const {
    const auto found = std::ranges::find(plugins_, name, &DeclaredPlugin::name);
    return found == plugins_.end() ? nullptr : &*found;
  }

  static const DeclaredComponent* find_component(const DeclaredPlugin& plugin, std::string_view name) {
    const auto found = std::ranges::find(plugin.components, name, &DeclaredComponent::name);
    return found == plugin.components.end() ? nullptr : &*found;
  }

  void problem(const Place& place, std::string message) { problems_.push_back({place, std::move(message)}); }

  void bind_handler(HandlerConfig& handler) {
    const DeclaredPlugin* plugin = find_plugin(handler.plugin);
    if (plugin == nullptr) return;
    const DeclaredComponent* component = find_component(*plugin, handler.component);
    if (component == nullptr) {
      std::vector<std::string_view> names;
      for (const DeclaredComponent& each : plugin->components) names.push_back(each.name);
      return problem(handler.place, path_ + ": the plugin \"" + plugin->name + "\" has no \"" +
                                        handler.component + '"' + suggestion(handler.component, names));
    }
    handler.sink = component->sink;
    bind_options(handler, *component);
    expect_meaning(handler);
  }

  void bind_options(HandlerConfig& handler, const DeclaredComponent& component) {
    if (handler.raw == nullptr) {
      Reader reader(nullptr, problems_);
      const std::string path = path_of(path_of(path_of(path_, "handlers"), handler.name), "options");
      handler.options = reader.options(component.options, nullptr, path, handler.place, handler.secrets);
      return;
    }
    const RawOptions& raw = *handler.raw;
    // All were hidden until now that it is known which are secret.
    for (const Node::Entry& entry : raw.node->entries)
      if (std::ranges::any_of(component.options,
                              [&](const OptionSpec& spec) { return spec.name == entry.key && !spec.secret; }))
        raw.file->reveal(entry.value->place);
    Reader reader(raw.file, problems_);
    handler.options =
        reader.options(component.options, raw.node.get(), raw.path, handler.place, handler.secrets);
  }

  // Keys that mean something for the other kind only.
  void expect_meaning(const HandlerConfig& handler) {
    const std::string name = path_ + ".handlers." + handler.name;
    const auto refuse = [&](const Place& place, std::string_view key, std::string_view why) {
      if (place.known())
        problem(place, name + '.' + std::string(key) + " has no meaning: " + std::string(why));
    };
    if (handler.sink) {
      refuse(handler.given.wait, "wait", "a sink has no documents to wait for");
      return;
    }
    constexpr std::string_view why =
        "a handler's changes are written by the pipeline's writers; set it in the pipeline";
    refuse(handler.given.writers, "writers", why);
    refuse(handler.given.batch, "batch", why);
    refuse(handler.given.retry, "retry", why);
  }

  // `from: plugin` becomes a route for each type that its components are for, and has not been taken before.
  void spread_routes() {
    std::set<std::string, std::less<>> taken;
    std::vector<RouteConfig> routes;
    for (RouteConfig& route : pipeline_.routes) {
      if (route.from.empty()) {
        taken.insert(route.types.begin(), route.types.end());
        routes.push_back(std::move(route));
        continue;
      }
      const DeclaredPlugin* plugin = find_plugin(route.from);
      if (plugin == nullptr) continue;
      const std::size_t before = routes.size();
      spread(route, *plugin, taken, routes);
      if (routes.size() == before)
        problem(route.place,
                path_ + ": from: " + route.from + " is never reached: routes above take all its event types");
    }
    pipeline_.routes = std::move(routes);
  }

  void spread(const RouteConfig& route, const DeclaredPlugin& plugin,
              std::set<std::string, std::less<>>& taken, std::vector<RouteConfig>& routes) {
    std::vector<std::size_t> of_any_type;
    for (const DeclaredComponent& component : plugin.components)
      if (component.types.empty())
        std::ranges::copy(instances(route, plugin, component), std::back_inserter(of_any_type));

    for (const DeclaredComponent& component : plugin.components) {
      for (const std::string& type : component.types) {
        if (!taken.insert(type).second) continue;
        RouteConfig one{{type}, {}, {}, route.place};
        for (const DeclaredComponent& other : plugin.components)
          if (other.types.empty() || std::ranges::find(other.types, type) != other.types.end())
            std::ranges::copy(instances(route, plugin, other), std::back_inserter(one.to));
        routes.push_back(std::move(one));
      }
    }
    if (!of_any_type.empty()) routes.push_back({{}, std::move(of_any_type), {}, route.place});
  }

  // The entries that use the component; without any, one is made.
  std::vector<std::size_t> instances(const RouteConfig& route, const DeclaredPlugin& plugin,
                                     const DeclaredComponent& component) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < pipeline_.handlers.size(); ++i)
      if (pipeline_.handlers[i].plugin == plugin.name && pipeline_.handlers[i].component == component.name)
        found.push_back(i);
    if (!found.empty()) return found;
    pipeline_.handlers.push_back(make_handler(pipeline_, plugin.name + '.' + component.name,
                                              {plugin.name, component.name}, route.place));
    return {pipeline_.handlers.size() - 1};
  }

  void expect_reachable_routes() {
    std::map<std::string_view, const Place*> taken;
    const Place* any = nullptr;
    for (const RouteConfig& route : pipeline_.routes) {
      if (any != nullptr)
        problem(route.place, path_ + ": this route is never reached: the one in line " +
                                 std::to_string(any->line) + " takes every event that comes so far");
      for (const std::string& type : route.types)
        if (const auto [first, added] = taken.emplace(type, &route.place); !added)
          problem(route.place, path_ + ": \"" + type + "\" is already taken by the route in line " +
                                   std::to_string(first->second->line) + ", and the first match wins");
      if (route.types.empty()) any = &route.place;
    }
  }

  void expect_store() {
    if (pipeline_.store) return;
    for (const RouteConfig& route : pipeline_.routes) {
      for (const std::size_t index : route.to) {
        const HandlerConfig& handler = pipeline_.handlers[index];
        const DeclaredPlugin* plugin = find_plugin(handler.plugin);
        if (handler.sink || plugin == nullptr || find_component(*plugin, handler.component) == nullptr)
          continue;
        return problem(pipeline_.place, path_ + " lacks \"store\": " + handler.name +
                                            " changes documents, and they need a place to live");
      }
    }
  }

  PipelineConfig& pipeline_;
  std::span<const DeclaredPlugin> plugins_;
  std::string path_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> bind(PipelineConfig& pipeline, std::span<const DeclaredPlugin> plugins) {
  return Binder(pipeline, plugins).bind();
}

}  // namespace sluice::engine
