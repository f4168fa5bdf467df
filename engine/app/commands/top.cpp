// sluice top: the live dashboard of a running engine.
#include "top/run.hpp"

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "app/command_failed.hpp"
#include "app/commands/commands.hpp"
#include "app/output.hpp"
#include "supervisor/exit_code.hpp"

namespace sluice::engine {
namespace {

constexpr const char* help =
    "Show a running engine live: progress, throughput, latency and where the time goes, partitions, "
    "writers,\n"
    "what is in trouble, and the last events. On a terminal a picture that fits it, from 80 x 24; elsewhere "
    "a\n"
    "line a second. The engine runs on when it is left, and may be restarted while it is watched.\n"
    "\n"
    "Keys: q quit, Tab and digits the pipeline, p freeze, ? help.\n"
    "Variables: SLUICE_ADMIN_TOKEN, NO_COLOR, TERM, and the locale for characters beyond ASCII.";

constexpr const char* example =
    "sluice top                                      # the engine on this machine\n"
    "  sluice top http://10.0.0.7:8083 -p activity\n"
    "  sluice top /run/sluice/status.json --target 10000   # ends when so many events are settled\n"
    "  sluice top --once                               # everything, as text, once\n"
    "\n"
    "Exit status: 0 left, or the target is reached; 8 the engine cannot be asked (--once), or the target "
    "was\n"
    "not reached; 5 or 6 when a pipeline failed, or its breaker opened, before the target";

struct TopOptions {
  std::string place = "http://127.0.0.1:8083";
  std::string token;
  top::Settings settings;
  std::uint64_t target = 0;
  double interval_s = 0.5;
  bool once = false;
};

std::string token_of(const TopOptions& options) {
  if (!options.token.empty()) return options.token;
  const char* const token = std::getenv("SLUICE_ADMIN_TOKEN");
  return token == nullptr ? "" : token;
}

ExitCode show_once(top::StatusSource& source, const top::Settings& settings) {
  const top::Once once = top::run_once(source, settings);
  if (!once.problem.empty())
    throw CommandFailed(ExitCode::check_failed,
                        source.name() + ": " + once.problem +
                            "\nIs an engine running, with an admin endpoint or a status "
                            "file? See `sluice top --help`");
  std::string text = once.text;
  if (!text.empty()) text.pop_back();
  print_line(text);
  return ExitCode::fine;
}

ExitCode exit_code_of(top::End end, bool with_target) {
  switch (end) {
    case top::End::target_reached:
      return ExitCode::fine;
    case top::End::failed:
      return ExitCode::pipeline_failed;
    case top::End::breaker_open:
      return ExitCode::breaker_open;
    case top::End::left:
    case top::End::drained:
    case top::End::last_answer:
      return with_target ? ExitCode::check_failed : ExitCode::fine;
  }
  return ExitCode::fine;
}

ExitCode show(TopOptions options) {
  std::unique_ptr<top::StatusSource> source;
  try {
    source = top::open_source(options.place, token_of(options));
  } catch (const std::invalid_argument& error) {
    throw CommandFailed(ExitCode::usage, error.what());
  }
  if (options.target > 0) options.settings.target = options.target;
  options.settings.interval = milliseconds(static_cast<std::int64_t>(options.interval_s * 1000));
  if (options.once) return show_once(*source, options.settings);
  return exit_code_of(top::run(*source, options.settings), options.settings.target.has_value());
}

}  // namespace

void add_top(CLI::App& app, Action& action) {
  CLI::App* command = add_command(app, "top", help, example);
  auto options = std::make_shared<TopOptions>();
  command
      ->add_option("place", options->place,
                   "The engine's admin endpoint, or the file of `sluice run --status-file`")
      ->capture_default_str()
      ->type_name("URL|FILE");
  command->add_option("-p,--pipeline", options->settings.pipeline, "Only this pipeline")->type_name("ID");
  command->add_option("--target", options->target, "Show how far it is to so many events, and end there")
      ->check(CLI::PositiveNumber)
      ->type_name("EVENTS");
  command->add_option("--interval", options->interval_s, "Between two looks, from 0.1 to 60")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 60.0))
      ->type_name("SECONDS");
  command->add_flag("--once", options->once, "Print everything once, as text");
  command
      ->add_option("--token", options->token,
                   "Of the admin endpoint; better by SLUICE_ADMIN_TOKEN, which others do not see")
      ->type_name("TOKEN");
  command->callback([&action, options] { action = [options] { return show(*options); }; });
}

}  // namespace sluice::engine
