#include "app/setup.hpp"

#include <spdlog/spdlog.h>

#include <cstdlib>

#include "app/connectors.hpp"

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
  Setup setup;
  setup.config = std::move(loaded.config);
  setup.problems = std::move(loaded.problems);
  setup.plugins = std::make_shared<PluginCatalog>(plugin_folders(options, setup.config.engine.plugin_path),
                                                  std::move(log));
  if (!setup.ok()) return setup;
  load_plugins(setup);
  bind_plugins(setup);
  return setup;
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

void add_pipeline_option(CLI::App& command, std::string& name) {
  command
      .add_option("-p,--pipeline", name, "The pipeline meant, by its name; needed where there are several")
      ->type_name("NAME");
}

std::vector<const PipelineConfig*> select_pipelines(const Config& config, const std::string& name) {
  std::vector<const PipelineConfig*> selected;
  for (const PipelineConfig& pipeline : config.pipelines)
    if (name.empty() || pipeline.name == name || pipeline.id == name) selected.push_back(&pipeline);
  if (!selected.empty()) return selected;
  std::string known;
  for (const PipelineConfig& pipeline : config.pipelines)
    known += (known.empty() ? "" : ", ") + pipeline.name;
  throw CommandFailed(ExitCode::usage, "there is no pipeline \"" + name + "\"; there are: " + known);
}

const PipelineConfig& select_pipeline(const Config& config, const std::string& name) {
  const auto selected = select_pipelines(config, name);
  if (selected.size() == 1) return *selected.front();
  std::string known;
  for (const PipelineConfig* pipeline : selected) known += (known.empty() ? "" : ", ") + pipeline->name;
  throw CommandFailed(ExitCode::usage, "there are several pipelines, say which with -p: " + known);
}

}  // namespace sluice::engine
