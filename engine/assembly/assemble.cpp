#include "assembly/assemble.hpp"

#include <algorithm>
#include <map>

#include "assembly/connectors.hpp"
#include "base/hash.hpp"
#include "decode/decoders.hpp"

namespace sluice::engine {
namespace {

ConnectorContext context_of(const PipelineConfig& pipeline) {
  return {.pipeline = pipeline.id, .share = pipeline.share};
}

BatchLimits limits_of(const BatchConfig& batch) {
  return {static_cast<std::size_t>(batch.events), static_cast<std::size_t>(batch.bytes), batch.linger};
}

// Where an entry of PipelineConfig::handlers went.
struct Bound {
  bool sink;
  std::size_t index;
};

std::vector<Bound> bind_handlers(const PipelineConfig& pipeline, const PluginCatalog& plugins,
                                 PipelineParts& parts) {
  std::vector<Bound> bound;
  for (const HandlerConfig& config : pipeline.handlers) {
    const auto plugin = plugins.find(config.plugin);
    if (config.sink) {
      bound.push_back({true, parts.sinks.size()});
      parts.sinks.push_back(
          {config.name,
           [plugin, config] { return plugin->make_sink(config.component, config.name, config.options); },
           static_cast<unsigned>(config.writers),
           limits_of(config.batch),
           {config.retry.initial, config.retry.max}});
    } else {
      bound.push_back({false, parts.handlers.size()});
      parts.handlers.push_back(
          {config.name,
           [plugin, config] { return plugin->make_handler(config.component, config.name, config.options); },
           config.wait_for});
    }
  }
  return bound;
}

Otherwise otherwise_of(Unrouted unrouted) {
  switch (unrouted) {
    case Unrouted::dead_letter:
      return Otherwise::dead_letter;
    case Unrouted::ignore:
      return Otherwise::ignore;
    case Unrouted::stop:
      return Otherwise::stop;
  }
  return Otherwise::dead_letter;
}

std::vector<Route> routes_of(const PipelineConfig& pipeline, const std::vector<Bound>& bound) {
  std::vector<Route> routes;
  for (const RouteConfig& config : pipeline.routes) {
    Route& route = routes.emplace_back(Route{config.types, {}, {}, config.to.empty()});
    for (const std::size_t to : config.to)
      (bound[to].sink ? route.sinks : route.handlers).push_back(bound[to].index);
  }
  return routes;
}

PipelineSettings settings_of(const PipelineConfig& config, const PluginCatalog& plugins) {
  PipelineSettings settings;
  settings.id = config.id;
  settings.generation = config.generation;
  settings.share = config.share;
  settings.workers = static_cast<unsigned>(config.workers);
  settings.writers = static_cast<unsigned>(config.writers);
  settings.batch = limits_of(config.batch);
  settings.retry = {config.retry.initial, config.retry.max};
  settings.breaker.ratio = config.breaker ? config.breaker->ratio : 0;
  if (config.breaker) settings.breaker.window = static_cast<std::size_t>(config.breaker->window);
  settings.fingerprint = fingerprint(config, plugins);
  settings.max_unfinished_events = static_cast<std::size_t>(config.limits.events);
  settings.max_unfinished_bytes = static_cast<std::size_t>(config.limits.bytes);
  settings.max_distance = config.limits.distance;
  settings.commit_interval = config.commit_interval;
  settings.shutdown_timeout = config.shutdown_timeout;
  return settings;
}

}  // namespace

std::unique_ptr<Source> make_source(const PipelineConfig& pipeline) {
  return find_connector(pipeline.source.name)->source->make(pipeline.source.options, context_of(pipeline));
}

std::unique_ptr<DeadLetters> make_dead_letters(const PipelineConfig& pipeline) {
  if (!pipeline.dead_letters) return nullptr;
  const VariantConfig& letters = *pipeline.dead_letters;
  ConnectorContext context = context_of(pipeline);
  if (pipeline.source.name == letters.name) context.source = &pipeline.source.options;
  return find_connector(letters.name)->dead_letters->make(letters.options, context);
}

std::unique_ptr<Decoder> make_decoder(const PipelineConfig& pipeline) {
  return find_decoder(pipeline.decode.name)->make(pipeline.decode.options);
}

std::function<Result<std::string>(std::string_view)> store_names(const PipelineConfig& pipeline) {
  std::map<std::string, std::string, std::less<>> names;
  std::map<std::string, std::string, std::less<>> owners;  // of the names in the store
  bool all_the_same = true;
  for (const auto& [logical, spec] : pipeline.collections) {
    names.emplace(logical, spec.name);
    owners.emplace(spec.name, logical);
    all_the_same = all_the_same && spec.name == logical;
  }
  if (all_the_same) return nullptr;
  return [names = std::move(names),
          owners = std::move(owners)](std::string_view logical) -> Result<std::string> {
    if (const auto found = names.find(logical); found != names.end()) return found->second;
    const auto owner = owners.find(logical);
    if (owner == owners.end()) return std::string(logical);
    return Error{Code::handler_invalid_change,
                 "the collection \"" + owner->first + "\" is not configured, and in the store \"" +
                     owner->second + "\" has that name: configure it with a `name` of its own"};
  };
}

std::vector<CollectionSpec> store_collections(const PipelineConfig& pipeline) {
  std::vector<CollectionSpec> specs;
  for (const CollectionConfig& collection : pipeline.collections) specs.push_back(collection.spec);
  return specs;
}

std::string fingerprint(const PipelineConfig& pipeline, const PluginCatalog& plugins) {
  std::string text = pipeline.fingerprint;
  for (const PluginConfig& config : pipeline.plugins)
    if (const auto plugin = plugins.find(config.name))
      text += '\n' + config.name + ' ' + plugin->manifest().version;
  return std::to_string(stable_hash(text));
}

PipelineParts make_handling(const PipelineConfig& pipeline, const Setup& setup) {
  if (const auto refused = setup.refused.find(pipeline.name); refused != setup.refused.end())
    throw ConfigurationError(refused->second.message, refused->second.code);
  PipelineParts parts;
  parts.routes = routes_of(pipeline, bind_handlers(pipeline, *setup.plugins, parts));
  parts.otherwise = otherwise_of(pipeline.otherwise);
  return parts;
}

Assembled assemble(const PipelineConfig& pipeline, const Setup& setup) {
  Assembled assembled{make_handling(pipeline, setup), settings_of(pipeline, *setup.plugins), nullptr};
  PipelineParts& parts = assembled.parts;
  for (const HandlerBinding& handler : parts.handlers) handler.make();
  for (const SinkBinding& sink : parts.sinks) sink.make();
  parts.source = make_source(pipeline);
  parts.make_decoder = [pipeline] { return make_decoder(pipeline); };
  parts.collections = store_collections(pipeline);
  parts.store_collection = store_names(pipeline);
  parts.dead_letters = make_dead_letters(pipeline);
  Memory memory = make_memory(pipeline, setup.config.engine);
  parts.store = std::move(memory.store);
  assembled.state = std::move(memory.state);
  if (assembled.state) parts.journal = &assembled.state->journal();
  return assembled;
}

}  // namespace sluice::engine
