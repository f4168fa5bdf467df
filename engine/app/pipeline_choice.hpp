// Which of a configuration's pipelines a command is for.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace sluice::engine {

// -p, --pipeline.
void add_pipeline_option(CLI::App& command, std::string& name);

// The pipelines of that name or id, or all when it is empty. Throws CommandFailed(usage) when there is none.
[[nodiscard]] std::vector<const PipelineConfig*> select_pipelines(const Config& config,
                                                                  const std::string& name);
// The one pipeline meant; it must be named where there are several.
[[nodiscard]] const PipelineConfig& select_pipeline(const Config& config, const std::string& name);

}  // namespace sluice::engine
