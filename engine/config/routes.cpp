// Routes: which forms there are, and which can never be reached.
#include <map>

#include "base/nearest.hpp"
#include "config/pipeline_reader.hpp"

namespace sluice::engine::config {
namespace {

constexpr std::string_view any_type = "*";

class RouteReader {
 public:
  RouteReader(Reader& reader, PipelineConfig& pipeline) : reader_(reader), pipeline_(pipeline) {}

  void read(const Node& node, const std::string& path) {
    const Object route = reader_.object(section("route"), &node, path, node.place);
    if (route.node == nullptr) return;
    if (last_.known()) {
      reader_.problem(route.place, path + " is never reached: the route in line " +
                                       std::to_string(last_.line) + " takes every event that comes so far");
      return;
    }
    const bool on = route.has("on");
    const bool to = route.has("to");
    const bool from = route.has("from");
    const bool otherwise = route.has("otherwise");
    if (on && to && !from && !otherwise) return read_on(route);
    if (from && !on && !to && !otherwise) return read_from(route);
    if (otherwise && !on && !to && !from) return read_otherwise(route);
    reader_.problem(route.place,
                    path + " is one of { on: types, to: handlers }, { from: plugin } and { otherwise: " +
                        "dead_letter, ignore or stop }");
  }

 private:
  void read_on(const Object& route) {
    RouteConfig config;
    config.place = route.place;
    config.types = route.values.texts("on");
    if (config.types.empty()) reader_.problem(route.place_of("on"), route.path + ".on names no event type");
    for (const std::string& type : config.types) expect_reachable(route, type);
    if (config.types.size() == 1 && config.types.front() == any_type) {
      config.types.clear();
      last_ = route.place;
    }
    for (const std::string& name : route.values.texts("to"))
      if (const auto index = handler(name, target_place(route, name), route.path + ".to"))
        config.to.push_back(*index);
    pipeline_.routes.push_back(std::move(config));
  }

  void read_from(const Object& route) {
    const std::string& plugin = route.values.text("from");
    if (!expect_plugin(reader_, pipeline_, plugin, route.place_of("from"), route.path + ".from")) return;
    RouteConfig config;
    config.place = route.place;
    config.from = plugin;
    pipeline_.routes.push_back(std::move(config));
  }

  void read_otherwise(const Object& route) {
    last_ = route.place;
    const std::string& what = route.values.text("otherwise");
    if (what == "ignore")
      pipeline_.otherwise = Unrouted::ignore;
    else if (what == "stop")
      pipeline_.otherwise = Unrouted::stop;
    else
      pipeline_.otherwise = Unrouted::dead_letter;
  }

  void expect_reachable(const Object& route, const std::string& type) {
    const Place& place = route.place_of("on");
    if (type.empty()) {
      reader_.problem(place, route.path + ".on: an event type is empty");
    } else if (type == any_type && route.values.texts("on").size() > 1) {
      reader_.problem(place, route.path + ".on: \"*\" takes every type; write it alone");
    } else if (const auto [first, added] = taken_.emplace(type, route.place); !added) {
      reader_.problem(place, route.path + ".on: \"" + type + "\" is already taken by the route in line " +
                                 std::to_string(first->second.line) + ", and the first match wins");
    }
  }

  // Where the name stands in the list.
  static Place target_place(const Object& route, const std::string& name) {
    const Node& targets = *route.find("to")->value;
    for (const auto& item : targets.items)
      if (item->text == name) return item->place;
    return targets.place;
  }

  // An entry by its name, or a component by its whole name, for which an entry is made.
  std::optional<std::size_t> handler(const std::string& name, const Place& place, const std::string& path) {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < pipeline_.handlers.size(); ++i) {
      if (pipeline_.handlers[i].name == name) return i;
      names.push_back(pipeline_.handlers[i].name);
    }
    auto component = component_name(name);
    if (!component) {
      std::string message = path + ": there is no handler \"" + name + '"';
      if (const auto near = nearest(name, names))
        message += "; did you mean \"" + std::string(*near) + "\"?";
      else
        message += "; name an entry of handlers, or write plugin.component";
      reader_.problem(place, message);
      return std::nullopt;
    }
    if (!expect_plugin(reader_, pipeline_, component->plugin, place, path)) return std::nullopt;
    pipeline_.handlers.push_back(make_handler(pipeline_, name, std::move(*component), place));
    return pipeline_.handlers.size() - 1;
  }

  Reader& reader_;
  PipelineConfig& pipeline_;
  std::map<std::string, Place> taken_;
  Place last_;  // of the route after which nothing is reached
};

}  // namespace

void read_routes(Reader& reader, const Object& object, PipelineConfig& pipeline) {
  const Node::Entry* routes = object.find("routes");
  const std::string path = path_of(object.path, "routes");
  if (routes == nullptr) return;
  if (!reader.expect_list(*routes->value, path,
                          "routes, such as - { on: UserCreated, to: [activity.user_created] }"))
    return;
  if (routes->value->items.empty())
    reader.problem(routes->place, path + " is empty: no event would go anywhere");
  RouteReader route_reader(reader, pipeline);
  for (std::size_t i = 0; i < routes->value->items.size(); ++i)
    route_reader.read(*routes->value->items[i], path + "[" + std::to_string(i) + "]");
}

}  // namespace sluice::engine::config
