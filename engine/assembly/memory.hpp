// What a pipeline remembers over restarts (core/journal.hpp): in its store, or without one in the engine's
// state file.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "config/config.hpp"
#include "core/journal.hpp"
#include "core/store.hpp"

namespace sluice::engine {

struct Memory {
  std::unique_ptr<Store> store;  // of a pipeline that has one
  std::unique_ptr<Store> state;  // the state file, of one that has none: used for its journal alone

  // Null when the pipeline has neither a store nor a state file.
  [[nodiscard]] Journal* journal() const noexcept {
    return store ? &store->journal() : state ? &state->journal() : nullptr;
  }
};

// Not connected yet: the store is to be prepared, by the pipeline or by open_memory(). Throws
// ConfigurationError.
[[nodiscard]] Memory make_memory(const PipelineConfig& pipeline, const EngineConfig& engine);

// Connected, for those who look at what is remembered. An error is the store's; for the rest it throws
// ConfigurationError.
[[nodiscard]] Result<Memory> open_memory(const PipelineConfig& pipeline, const EngineConfig& engine);

}  // namespace sluice::engine
