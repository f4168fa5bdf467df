#include "app/configuration.hpp"

#include <spdlog/spdlog.h>

#include <cstdlib>
#include <optional>
#include <utility>

#include "app/command_failed.hpp"
#include "assembly/connectors.hpp"

namespace sluice::engine {
namespace {

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::string config_path(const Invocation& options) {
  if (!options.config.empty()) return options.config;
  return variable("SLUICE_CONFIG").value_or("sluice.yaml");
}

// Beside this program, wherever it was installed to.
std::filesystem::path installed_plugins() {
  const auto program = std::filesystem::read_symlink("/proc/self/exe");
  return (program.parent_path() / SLUICE_PLUGIN_FOLDER).lexically_normal();
}

}  // namespace

Environment read_environment(const Invocation& options) {
  Environment environment = Environment::of_process();
  std::vector<Problem> problems;
  for (const std::string& file : options.env_files)
    for (Problem& problem : environment.add_file(file)) problems.push_back(std::move(problem));
  if (!problems.empty()) throw CommandFailed(ExitCode::configuration, to_text(problems));
  return environment;
}

Loaded read_config(const Invocation& options, const Environment& environment) {
  return load(config_path(options), vocabulary(), environment);
}

Config load_config(const Invocation& options) {
  Loaded loaded = read_config(options, read_environment(options));
  if (!loaded.ok()) throw CommandFailed(ExitCode::configuration, to_text(loaded.problems));
  return std::move(loaded.config);
}

Setup set_up(Loaded loaded, const Invocation& options, PluginLog log) {
  auto folders = plugin_folders(options, loaded.config.engine.plugin_path);
  return set_up(std::move(loaded), std::move(folders), std::move(log));
}

Setup set_up(const Invocation& options) {
  const Environment environment = read_environment(options);
  Loaded loaded = read_config(options, environment);
  const Log log = open_log(options, environment, loaded.config.engine);
  Setup setup = set_up(std::move(loaded), options, plugin_log(log));
  if (!setup.ok()) throw CommandFailed(ExitCode::configuration, to_text(setup.problems));
  return setup;
}

Log open_log(const Invocation& options, const Environment& environment, const EngineConfig& engine) {
  std::string level = options.log_level;
  if (level.empty()) level = environment.variable("LOG_LEVEL").value_or(engine.log_level);
  if (level.empty()) level = "info";  // the configuration could not be read
  const auto parsed = parse_level(level);
  if (!parsed)
    throw CommandFailed(ExitCode::usage,
                        "\"" + level + "\" is no log level: DEBUG, INFO, WARNING, ERROR or OFF");
  const auto format = parse_log_format(options.log_format);
  if (!format)
    throw CommandFailed(ExitCode::usage,
                        "\"" + options.log_format + "\" is no log format: auto, text or json");
  Log log = make_log(*parsed, *format);
  spdlog::set_default_logger(log);  // what a pipeline says on its own
  return log;
}

PluginLog plugin_log(const Log& log) {
  return [log](PluginLogLevel level, std::string_view instance, std::string_view message) {
    spdlog::level::level_enum to = spdlog::level::info;
    switch (level) {
      case PluginLogLevel::debug:
        to = spdlog::level::debug;
        break;
      case PluginLogLevel::info:
        break;
      case PluginLogLevel::warning:
        to = spdlog::level::warn;
        break;
      case PluginLogLevel::error:
        to = spdlog::level::err;
        break;
    }
    log->log(to, "{}: {}", instance, message);
  };
}

std::vector<std::filesystem::path> plugin_folders(const Invocation& options,
                                                  const std::vector<std::string>& configured) {
  PluginFolders folders;
  folders.command_line.assign(options.plugin_path.begin(), options.plugin_path.end());
  folders.configuration.assign(configured.begin(), configured.end());
  folders.environment = variable("SLUICE_PLUGIN_PATH");
  folders.installed = installed_plugins();
  return folders.all();
}

}  // namespace sluice::engine
