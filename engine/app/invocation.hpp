// How the program was called, whatever the command: with which configuration and plugins, and how it speaks.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>
#include <vector>

#include "supervisor/exit_code.hpp"

namespace sluice::engine {

struct Invocation {
  std::string config;  // empty: of SLUICE_CONFIG, else sluice.yaml
  std::vector<std::string> env_files;
  std::vector<std::string> plugin_path;
  std::string log_level;  // empty: of LOG_LEVEL, else of the configuration
  std::string log_format = "auto";
  bool json = false;
};

// What a command does once the command line has been read.
using Action = std::function<ExitCode()>;

// -c, --env-file, --plugin-path, --json, --log-level, --log-format.
void add_invocation(CLI::App& command, Invocation& options);
// Of commands that need no configuration: --json alone.
void add_json_option(CLI::App& command, Invocation& options);

// `sluice validate` of what these options name, with the environment of this process: what a reload asks
// whether the configuration is good.
[[nodiscard]] std::vector<std::string> check_command(const std::string& program, const Invocation& options);

// A command whose help closes with the example, and whose options are there in `--help`, in order.
[[nodiscard]] CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& help,
                                    const std::string& example);

}  // namespace sluice::engine
