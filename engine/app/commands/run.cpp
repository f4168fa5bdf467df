// sluice run: runs all pipelines of a configuration.
#include "admin/endpoint.hpp"
#include "admin/pages.hpp"
#include "admin/web_page.hpp"
#include "app/command_failed.hpp"
#include "app/commands/commands.hpp"
#include "app/configuration.hpp"
#include "assembly/assemble.hpp"
#include "assembly/setup.hpp"
#include "supervisor/reload.hpp"
#include "supervisor/signals.hpp"
#include "supervisor/supervisor.hpp"

namespace sluice::engine {
namespace {

struct RunOptions {
  std::string status_file;
  std::string on_failure;
  std::string admin;
};

OnFailure on_failure(const RunOptions& options, const EngineConfig& engine) {
  if (options.on_failure.empty()) return engine.on_failure;
  return options.on_failure == "keep" ? OnFailure::keep : OnFailure::exit;
}

// --admin comes before the configuration, whose token it keeps.
std::optional<AdminConfig> admin_config(const RunOptions& options, const EngineConfig& engine) {
  if (options.admin.empty()) return engine.admin;
  const auto address = parse_listen_address(options.admin);
  if (!address) throw CommandFailed(ExitCode::usage, "--admin: " + address.error().message);
  AdminConfig config = engine.admin.value_or(AdminConfig{});
  config.listen = *address;
  if (const auto safe = expect_token(config.listen, config.token); !safe)
    throw CommandFailed(ExitCode::configuration, "--admin: " + safe.error().message);
  return config;
}

// One pipeline that cannot be assembled is no reason for the others not to run.
void add_pipelines(const Setup& setup, Supervisor& supervisor) {
  for (const PipelineConfig& pipeline : setup.config.pipelines) {
    try {
      supervisor.add(pipeline, assemble(pipeline, setup));
    } catch (const ConfigurationError& error) {
      supervisor.add_failed(pipeline, error.code(), error.what());
    }
  }
}

// Until the pipelines have ended. Nothing of them is left then, so that a next generation finds every file
// and address free.
struct Ended {
  ExitCode code;
  bool begins_anew;
};
Ended supervise(const Invocation& invocation, const RunOptions& options, const Signals& signals,
                const std::string& program) {
  const Environment environment = read_environment(invocation);
  Loaded loaded = read_config(invocation, environment);
  if (!loaded.ok()) throw CommandFailed(ExitCode::configuration, to_text(loaded.problems));
  const Log log = open_log(invocation, environment, loaded.config.engine);
  const SystemClock clock;
  const Setup setup = set_up(std::move(loaded), invocation, plugin_log(log));
  if (!setup.ok()) throw CommandFailed(ExitCode::configuration, to_text(setup.problems));
  log->info("sluice {}, {} pipeline{}", SLUICE_VERSION, setup.config.pipelines.size(),
            setup.config.pipelines.size() == 1 ? "" : "s");
  const EngineConfig& engine = setup.config.engine;
  StatusBoard board;
  std::optional<Endpoint> endpoint;
  if (const auto admin = admin_config(options, engine)) {
    std::vector<Page> pages = engine_pages(board, clock, SLUICE_VERSION);
    std::ranges::move(web_pages(), std::back_inserter(pages));
    endpoint.emplace(*admin, std::move(pages), clock);
    log->info("the admin endpoint is http://{}", to_text(endpoint->address()));
  }
  Supervisor supervisor({on_failure(options, engine), options.status_file, endpoint ? &board : nullptr,
                         engine.stall_after, check_command(program, invocation)},
                        clock, log);
  add_pipelines(setup, supervisor);
  const ExitCode code = supervisor.run(signals);
  if (!supervisor.begins_anew()) log->info("sluice ends with status {}", static_cast<int>(code));
  return {code, supervisor.begins_anew()};
}

ExitCode run(const Invocation& invocation, const RunOptions& options) {
  const std::string program = this_program();
  const Signals signals;  // before any thread is made; they wait for the next generation too
  const Ended ended = supervise(invocation, options, signals, program);
  if (ended.begins_anew) throw CommandFailed(ExitCode::pipeline_failed, begin_anew(program));
  return ended.code;
}

}  // namespace

void add_run(CLI::App& app, Invocation& invocation, Action& action) {
  CLI::App* command = add_command(
      app, "run",
      "Run the pipelines of a configuration until their sources are finished or a signal comes.\n"
      "SIGTERM or Ctrl-C finishes what is in flight and ends with status 0; a second one ends at "
      "once: what was in\n"
      "flight is taken up again by the next start. Nothing is lost or applied twice either way.\n"
      "SIGHUP reloads, where there is no terminal: a configuration that is valid is begun with anew, "
      "one that is\n"
      "not leaves everything as it is.",
      "sluice run -c configs/activity-embedded.yaml --status-file /run/sluice/status.json");
  auto options = std::make_shared<RunOptions>();
  add_invocation(*command, invocation);
  command
      ->add_option("--status-file", options->status_file,
                   "Keep a JSON status in this file, replaced four times a second")
      ->type_name("FILE");
  command
      ->add_option("--on-failure", options->on_failure,
                   "When no pipeline is left that runs: exit, or keep the process for inspection")
      ->check(CLI::IsMember({"exit", "keep"}))
      ->type_name("exit|keep");
  command
      ->add_option("--admin", options->admin,
                   "Answer /livez, /readyz, /status, /metrics and, for browsers, / here, whatever\n"
                   "engine.admin.listen says; port 0 is a free one, which the log names")
      ->type_name("HOST:PORT");
  command->callback([&invocation, &action, options] {
    action = [&invocation, options] { return run(invocation, *options); };
  });
}

}  // namespace sluice::engine
