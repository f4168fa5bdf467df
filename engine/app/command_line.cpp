#include "app/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>

#include "app/command_failed.hpp"
#include "app/commands/commands.hpp"
#include "base/result.hpp"
#include "supervisor/exit_code.hpp"

namespace sluice::engine {
namespace {

constexpr const char* about =
    "sluice reads outbox events from a log, hands each to the handlers of your plugins, and applies the "
    "document\n"
    "changes they return to a store: in order, exactly once per document, with retries and dead letters.";

constexpr const char* closing =
    "First steps:\n"
    "  sluice new plugin orders         # write a plugin to start from\n"
    "  sluice validate -c sluice.yaml   # check a configuration, plugins included\n"
    "  sluice try -c sluice.yaml events.ndjson   # see what events would change, nothing is stored\n"
    "  sluice doctor -c sluice.yaml     # check all that it needs: brokers, topics, the store, rights\n"
    "  sluice run -c sluice.yaml        # run it\n"
    "  sluice top                       # watch it\n"
    "\n"
    "Exit status:\n"
    "  0 drained or fine   2 usage   3 configuration   4 plugin refused   5 pipeline failed\n"
    "  6 stopped by its breaker   7 forced stop with work unfinished   8 a check failed";

int complain(ExitCode code, const std::string& message) {
  std::fprintf(stderr, "sluice: %s\n", message.c_str());
  return static_cast<int>(code);
}

int act(const Action& action) {
  try {
    return static_cast<int>(action());
  } catch (const CommandFailed& failed) {
    return complain(failed.code(), failed.what());
  } catch (const ConfigurationError& error) {
    return complain(exit_code_of(error.code()), error.what());
  } catch (const std::exception& error) {
    return complain(ExitCode::pipeline_failed, std::string("unexpected: ") + error.what());
  }
}

// In the list of commands, what each is for in one line; `sluice COMMAND --help` says the rest.
class ShortList final : public CLI::Formatter {
 public:
  std::string make_subcommand(const CLI::App* command) const override {
    std::string about_it = command->get_description();
    about_it.resize(std::min(about_it.find('\n'), about_it.size()));
    std::string line = "  " + command->get_name();
    line.resize(std::max(get_column_width(), line.size() + 2), ' ');
    return line + about_it + '\n';
  }
};

// CLI11 would say that a command is missing.
std::optional<std::string> unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return std::nullopt;
  const std::string name = argv[1];
  std::string known;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == name) return std::nullopt;
    known += (known.empty() ? "" : ", ") + command->get_name();
  }
  return "there is no command \"" + name + "\"; there are: " + known;
}

int parse_error(const CLI::App& app, const CLI::ParseError& error) {
  // --help and --version come this way too, with status 0.
  return app.exit(error) == 0 ? static_cast<int>(ExitCode::fine) : static_cast<int>(ExitCode::usage);
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app(about, "sluice");
  app.footer(closing);
  app.set_version_flag("--version", "sluice " SLUICE_VERSION, "Print the version");
  app.require_subcommand(1);
  app.formatter(std::make_shared<ShortList>());
  app.failure_message(CLI::FailureMessage::simple);

  Invocation invocation;
  Action action;
  add_run(app, invocation, action);
  add_top(app, action);
  add_validate(app, invocation, action);
  add_doctor(app, invocation, action);
  add_try(app, invocation, action);
  add_dead_letters(app, invocation, action);
  add_positions(app, invocation, action);
  add_resume(app, invocation, action);
  add_plugins(app, invocation, action);
  add_new(app, invocation, action);
  add_schema(app, invocation, action);

  if (const auto unknown = unknown_command(app, argc, argv)) return complain(ExitCode::usage, *unknown);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parse_error(app, error);
  }
  return act(action);
}

}  // namespace sluice::engine
