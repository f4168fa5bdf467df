// sluice resume: closes the breaker of a pipeline, so that its next start runs.
#include <nlohmann/json.hpp>

#include "app/command_failed.hpp"
#include "app/commands/commands.hpp"
#include "app/configuration.hpp"
#include "app/output.hpp"
#include "app/pipeline_choice.hpp"
#include "assembly/memory.hpp"

namespace sluice::engine {
namespace {

ExitCode resume(const Invocation& invocation, const std::string& name) {
  const Config config = load_config(invocation);
  auto report = nlohmann::ordered_json::array();
  for (const PipelineConfig* pipeline : select_pipelines(config, name)) {
    const Memory memory = must(open_memory(*pipeline, config.engine));
    if (memory.journal() == nullptr) continue;
    const auto breaker = must(memory.journal()->breaker(pipeline->id));
    if (breaker) must(memory.journal()->close_breaker(pipeline->id));
    report.push_back({{"pipeline", pipeline->name}, {"was_open", breaker.has_value()}});
    if (breaker) report.back()["reason"] = breaker->reason;
    if (invocation.json) continue;
    print_line(pipeline->name + ": " +
               (breaker ? "the breaker, open since " + to_text(breaker->opened) + " (" + breaker->reason +
                              "), is closed; start the pipeline to go on"
                        : "the breaker is not open"));
  }
  if (invocation.json) print_json(report);
  return ExitCode::fine;
}

}  // namespace

void add_resume(CLI::App& app, Invocation& invocation, Action& action) {
  CLI::App* command = add_command(
      app, "resume",
      "Let a pipeline start again that its breaker has stopped.\n"
      "The breaker opens when too many events become dead letters, and stays open over restarts until this\n"
      "command, or until another version of a plugin or of the configuration is started.",
      "sluice dead-letters list          # see what went wrong, mend it\n"
      "  sluice resume -p activity\n"
      "  sluice dead-letters replay --all  # apply what was left out");
  auto name = std::make_shared<std::string>();
  add_invocation(*command, invocation);
  add_pipeline_option(*command, *name);
  command->callback(
      [&invocation, &action, name] { action = [&invocation, name] { return resume(invocation, *name); }; });
}

}  // namespace sluice::engine
