// The configuration as the engine uses it: checked, with all defaults filled in, paths made absolute. What
// the keys mean is said once, in the table of fields (fields.hpp), and in docs/configuration.md made from it.
//
// load.hpp makes it of files. bind.hpp completes it with what loaded plugins declare: until then handlers
// lack their kind and options, and routes of the form `from: plugin` are not spread out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "config/listen_address.hpp"
#include "config/place.hpp"
#include "core/options.hpp"
#include "core/store.hpp"

namespace sluice::engine {

// `sqlite: { … }`: which connector or decoder, and its checked options.
struct VariantConfig {
  std::string name;
  Options options;
  std::set<std::string, std::less<>> secrets;  // the options whose values are never shown
  Place place;
};

struct BatchConfig {
  std::int64_t events = 0;
  std::int64_t bytes = 0;
  microseconds linger{0};
};

struct RetryConfig {
  microseconds initial{0};
  microseconds max{0};
};

struct BreakerConfig {
  double ratio = 0;
  std::int64_t window = 0;
};

struct LimitsConfig {
  std::int64_t events = 0;
  std::int64_t bytes = 0;
  std::int64_t distance = 0;
};

struct PluginConfig {
  std::string name;
  std::string versions;  // ">=1.0 <2"; "*": any
  Place place;
};

struct RawOptions;

// An instance of a plugin's component: an entry of `handlers`, or a component that a route names directly.
struct HandlerConfig {
  std::string name;  // "stats", or "activity.user_statistics" where there is no entry
  std::string plugin;
  std::string component;
  Place place;

  // Of a handler: how long its changes wait for their documents.
  microseconds wait_for{0};
  // Of a sink.
  std::int64_t writers = 0;
  BatchConfig batch;
  RetryConfig retry;

  // Set by bind().
  bool sink = false;
  Options options;
  std::set<std::string, std::less<>> secrets;  // the options whose values are never shown

  // What bind() looks at: the options as written, and where keys stand that only one kind may have.
  std::shared_ptr<const RawOptions> raw;
  struct {
    Place wait, writers, batch, retry;
  } given;
};

struct RouteConfig {
  std::vector<std::string> types;  // empty: any
  std::vector<std::size_t> to;     // in PipelineConfig::handlers; empty: the event is taken and ignored
  std::string from;                // a plugin whose types and components stand here; bind() replaces it
  Place place;
};

// What becomes of an event that no route takes.
enum class Unrouted : std::uint8_t { dead_letter, ignore, stop };

struct CollectionConfig {
  std::string logical_name;  // as handlers call it
  CollectionSpec spec;
};

struct PipelineConfig {
  std::string name;
  std::string id;
  Place place;
  int generation = 0;
  Share share;
  VariantConfig source;
  VariantConfig decode;
  std::vector<PluginConfig> plugins;
  std::vector<HandlerConfig> handlers;
  std::vector<RouteConfig> routes;
  Unrouted otherwise = Unrouted::dead_letter;
  std::optional<VariantConfig> store;
  std::vector<CollectionConfig> collections;
  std::optional<VariantConfig> dead_letters;
  BatchConfig batch;
  std::int64_t workers = 0;
  std::int64_t writers = 0;
  RetryConfig retry;
  microseconds wait_for{0};
  std::optional<BreakerConfig> breaker;  // none: off
  LimitsConfig limits;
  microseconds commit_interval{0};
  microseconds shutdown_timeout{0};
  std::string metrics_file;  // empty: none
  // A hash of all that the pipeline's YAML says after substitution, without what came from ${file:…}: whether
  // the configuration changed since the breaker opened.
  std::string fingerprint;
};

// What happens when a pipeline fails: the process ends once none is left, or stays for inspection.
enum class OnFailure : std::uint8_t { exit, keep };

struct AdminConfig {
  ListenAddress listen;
  std::string token;  // empty: none is asked for
};

struct EngineConfig {
  std::vector<std::string> plugin_path;
  OnFailure on_failure = OnFailure::exit;
  std::string state;                 // the file that remembers for pipelines whose store cannot
  std::string log_level;             // debug, info, warning, error or off
  std::optional<AdminConfig> admin;  // none: no endpoint
  microseconds stall_after{0};
};

struct Config {
  EngineConfig engine;
  std::vector<PipelineConfig> pipelines;
};

}  // namespace sluice::engine
