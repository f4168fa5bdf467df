#include "app/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <exception>

#include "app/commands/commands.hpp"
#include "app/output.hpp"
#include "core/result.hpp"

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
    "  sluice run -c sluice.yaml        # run it\n"
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
  app.failure_message(CLI::FailureMessage::simple);

  CommonOptions common;
  Action action;
  add_run(app, common, action);
  add_validate(app, common, action);
  add_try(app, common, action);
  add_dead_letters(app, common, action);
  add_positions(app, common, action);
  add_resume(app, common, action);
  add_plugins(app, common, action);
  add_new(app, common, action);
  add_schema(app, common, action);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parse_error(app, error);
  }
  return act(action);
}

}  // namespace sluice::engine
