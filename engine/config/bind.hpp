// The second stage of checking: what only loaded plugins can tell.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "core/options.hpp"

namespace sluice::engine {

struct DeclaredComponent {
  std::string name;
  bool sink = false;
  std::vector<std::string> types;  // the event types it is for; empty: any
  std::vector<OptionSpec> options;
};

struct DeclaredPlugin {
  std::string name;
  std::vector<DeclaredComponent> components;
};

// Finds every handler's component, checks its options, sets its kind, and spreads routes of the form
// `from: plugin` into one route for each type. A plugin that is not among those declared (its loading was
// refused, and that is an error of its own) is passed over. Returns what is wrong:
// - a component that the plugin lacks, options that it does not take or that are wrong,
// - `batch`, `writers`, `retry` of a handler, `wait` of a sink: keys without a meaning there,
// - handlers in a pipeline without a store, routes that are never reached.
[[nodiscard]] std::vector<Problem> bind(PipelineConfig& pipeline, std::span<const DeclaredPlugin> plugins);

}  // namespace sluice::engine
