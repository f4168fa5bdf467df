// What commands begin with: the configuration, read and checked; the plugins it names, loaded and bound.
#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/invocation.hpp"
#include "app/memory.hpp"
#include "app/plugin_catalog.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "config/environment.hpp"
#include "config/load.hpp"
#include "config/place.hpp"
#include "observe/logging.hpp"

namespace sluice::engine {

// The process's variables and those of --env-file. Throws CommandFailed(configuration).
[[nodiscard]] Environment read_environment(const Invocation& options);

// With all that is wrong, for those who show it themselves.
[[nodiscard]] Loaded read_config(const Invocation& options, const Environment& environment);

// The configuration without its plugins: enough for commands that call no handler. Throws
// CommandFailed(configuration) with every problem.
[[nodiscard]] Config load_config(const Invocation& options);

// A configuration with its plugins.
struct Setup {
  Config config;
  std::shared_ptr<PluginCatalog> plugins;
  std::map<std::string, Error> refused;  // pipelines one of whose plugins was refused, and why
  std::vector<Problem> problems;         // of files and of what only plugins could tell

  [[nodiscard]] bool ok() const noexcept { return problems.empty(); }
};
// Loads what can be loaded; nothing is thrown for problems and refusals.
[[nodiscard]] Setup set_up(Loaded loaded, const Invocation& options, PluginLog log);

// The same for commands that go no further when anything is wrong: throws CommandFailed(configuration).
// Which plugins were refused is in the setup.
[[nodiscard]] Setup set_up(const Invocation& options);

[[nodiscard]] Log open_log(const Invocation& options, const Environment& environment,
                           const EngineConfig& engine);
[[nodiscard]] PluginLog plugin_log(const Log& log);

// --plugin-path, the configuration's, SLUICE_PLUGIN_PATH, the installed folder.
[[nodiscard]] std::vector<std::filesystem::path> plugin_folders(const Invocation& options,
                                                                const std::vector<std::string>& configured);

// --pipeline: the pipelines of that name or id, or all when it is empty.
void add_pipeline_option(CLI::App& command, std::string& name);
[[nodiscard]] std::vector<const PipelineConfig*> select_pipelines(const Config& config,
                                                                  const std::string& name);
// The one pipeline meant; it must be named where there are several.
[[nodiscard]] const PipelineConfig& select_pipeline(const Config& config, const std::string& name);

// The value, or the error as CommandFailed(check_failed).
template <class T>
[[nodiscard]] T must(Result<T> result) {
  if (!result) throw CommandFailed(ExitCode::check_failed, result.error().message);
  return std::move(*result);
}
inline void must(const Result<void>& result) {
  if (!result) throw CommandFailed(ExitCode::check_failed, result.error().message);
}

}  // namespace sluice::engine
