#include "assembly/setup.hpp"

#include <iterator>
#include <utility>

#include "config/bind.hpp"

namespace sluice::engine {
namespace {

void load_plugins(Setup& setup) {
  for (const PipelineConfig& pipeline : setup.config.pipelines)
    for (const PluginConfig& wanted : pipeline.plugins)
      if (auto plugin = setup.plugins->load(wanted); !plugin)
        setup.refused.emplace(pipeline.name, plugin.error());
}

void bind_plugins(Setup& setup) {
  const std::vector<DeclaredPlugin> declared = setup.plugins->declared();
  for (PipelineConfig& pipeline : setup.config.pipelines) {
    std::vector<Problem> problems = engine::bind(pipeline, declared);
    std::move(problems.begin(), problems.end(), std::back_inserter(setup.problems));
  }
}

}  // namespace

Setup set_up(Loaded loaded, std::vector<std::filesystem::path> folders, PluginLog log) {
  Setup setup;
  setup.config = std::move(loaded.config);
  setup.problems = std::move(loaded.problems);
  setup.plugins = std::make_shared<PluginCatalog>(std::move(folders), std::move(log));
  if (!setup.ok()) return setup;
  load_plugins(setup);
  bind_plugins(setup);
  return setup;
}

}  // namespace sluice::engine
