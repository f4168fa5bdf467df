#include "assembly/memory.hpp"

#include "assembly/connectors.hpp"
#include "base/result.hpp"

namespace sluice::engine {
namespace {

// The state file is a SQLite store that holds no documents.
std::unique_ptr<Store> open_state(const PipelineConfig& pipeline, const std::string& path) {
  const auto& sqlite = find_connector("sqlite")->store;
  Options options = default_options(sqlite->options);
  options.set("path", path);
  auto state = sqlite->make(options, {pipeline.id, pipeline.share});
  if (auto prepared = state->prepare({}); !prepared)
    throw ConfigurationError(
        "the state file " + path + " (engine.state) cannot be used: " + prepared.error().message,
        prepared.error().code);
  return state;
}

}  // namespace

Memory make_memory(const PipelineConfig& pipeline, const EngineConfig& engine) {
  if (pipeline.store) {
    const auto& role = find_connector(pipeline.store->name)->store;
    return {role->make(pipeline.store->options, {pipeline.id, pipeline.share}), nullptr};
  }
  if (engine.state.empty()) return {};
  return {nullptr, open_state(pipeline, engine.state)};
}

Result<Memory> open_memory(const PipelineConfig& pipeline, const EngineConfig& engine) {
  Memory memory = make_memory(pipeline, engine);
  if (!memory.store) return memory;
  if (auto prepared = memory.store->prepare({}); !prepared)
    return Error{prepared.error().code,
                 "the store of " + pipeline.name + " cannot be used: " + prepared.error().message};
  return memory;
}

}  // namespace sluice::engine
