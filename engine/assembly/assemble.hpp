// From configuration and plugins to the parts of a pipeline, which are the caller's. For one thread while
// starting. The makers throw ConfigurationError; none does any I/O beyond what making a handler does.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "assembly/memory.hpp"
#include "assembly/setup.hpp"
#include "config/config.hpp"
#include "core/dead_letters.hpp"
#include "core/event.hpp"
#include "core/source.hpp"
#include "core/store.hpp"
#include "pipeline/pipeline.hpp"

namespace sluice::engine {

[[nodiscard]] std::unique_ptr<Source> make_source(const PipelineConfig& pipeline);
[[nodiscard]] std::unique_ptr<DeadLetters> make_dead_letters(const PipelineConfig& pipeline);  // may be null
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(const PipelineConfig& pipeline);

// From a collection's logical name to its name in the store; null when all are the same. One that is not
// configured keeps its name, unless that is another's in the store (handler.invalid_change): of two changes
// of one document by one handler for one event the second would count as applied.
[[nodiscard]] std::function<Result<std::string>(std::string_view)> store_names(
    const PipelineConfig& pipeline);
[[nodiscard]] std::vector<CollectionSpec> store_collections(const PipelineConfig& pipeline);

// The handlers, sinks and routes alone. Throws ConfigurationError (plugin.refused) for a pipeline one of
// whose plugins was refused.
[[nodiscard]] PipelineParts make_handling(const PipelineConfig& pipeline, const Setup& setup);

// All of a pipeline, checked: one instance of each handler and sink has been made to see that it can be.
struct Assembled {
  PipelineParts parts;
  PipelineSettings settings;
  std::unique_ptr<Store> state;  // keeps the journal of a pipeline without a store
};
[[nodiscard]] Assembled assemble(const PipelineConfig& pipeline, const Setup& setup);

// Changes with the configuration's text and with the version of any plugin: the breaker's.
[[nodiscard]] std::string fingerprint(const PipelineConfig& pipeline, const PluginCatalog& plugins);

}  // namespace sluice::engine
