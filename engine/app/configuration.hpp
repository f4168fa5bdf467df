// What commands begin with: from how the program was called to the configuration, read and checked, to the
// plugins it names, and to the log.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/invocation.hpp"
#include "assembly/setup.hpp"
#include "config/config.hpp"
#include "config/environment.hpp"
#include "config/load.hpp"
#include "observe/logging.hpp"

namespace sluice::engine {

// The process's variables and those of --env-file. Throws CommandFailed(configuration).
[[nodiscard]] Environment read_environment(const Invocation& options);

// With all that is wrong, for those who show it themselves.
[[nodiscard]] Loaded read_config(const Invocation& options, const Environment& environment);

// The configuration without its plugins: enough for commands that call no handler. Throws
// CommandFailed(configuration) with every problem.
[[nodiscard]] Config load_config(const Invocation& options);

// The configuration with its plugins, from the folders that plugin_folders() names.
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

}  // namespace sluice::engine
