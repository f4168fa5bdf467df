#include "app/invocation.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace sluice::engine {

void add_invocation(CLI::App& command, Invocation& options) {
  command
      .add_option("-c,--config", options.config,
                  "The configuration: a YAML file, or a folder whose *.yaml files are read; without it\n"
                  "SLUICE_CONFIG says which, else it is sluice.yaml")
      ->type_name("FILE|FOLDER");
  command
      .add_option("--env-file", options.env_files,
                  "Read variables for ${NAME} from this file too; the environment comes first")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      .add_option("--plugin-path", options.plugin_path,
                  "Look for plugins in this folder first; may be given several times")
      ->type_name("FOLDER")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--log-level", options.log_level, "DEBUG, INFO, WARNING, ERROR; or set LOG_LEVEL")
      ->type_name("LEVEL");
  command
      .add_option("--log-format", options.log_format,
                  "auto (text on a terminal, JSON lines elsewhere), text or json")
      ->capture_default_str()
      ->type_name("FORMAT");
  add_json_option(command, options);
}

void add_json_option(CLI::App& command, Invocation& options) {
  command.add_flag("--json", options.json, "Print JSON for programs");
}

std::vector<std::string> check_command(const std::string& program, const Invocation& options) {
  std::vector<std::string> command{program, "validate", "--log-level", "OFF"};
  if (!options.config.empty()) command.insert(command.end(), {"--config", options.config});
  for (const std::string& file : options.env_files) command.insert(command.end(), {"--env-file", file});
  for (const std::string& folder : options.plugin_path)
    command.insert(command.end(), {"--plugin-path", folder});
  return command;
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& help,
                      const std::string& example) {
  CLI::App* command = parent.add_subcommand(name, help);
  command->footer("Example:\n  " + example);
  return command;
}

}  // namespace sluice::engine
