// sluice validate: everything about a configuration that can be known without running it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/command_failed.hpp"
#include "app/commands/commands.hpp"
#include "app/configuration.hpp"
#include "app/output.hpp"
#include "assembly/assemble.hpp"
#include "assembly/describe.hpp"
#include "assembly/memory.hpp"
#include "assembly/setup.hpp"
#include "observe/numbers.hpp"
#include "supervisor/exit_code.hpp"

namespace sluice::engine {
namespace {

using Json = nlohmann::ordered_json;

struct Flaw {
  ExitCode code;
  std::string pipeline;
  std::string message;
};

// Plugins are loaded and each handler made once.
void check_pipeline(const PipelineConfig& pipeline, const Setup& setup, std::vector<Flaw>& flaws) {
  try {
    const Assembled assembled = assemble(pipeline, setup);
  } catch (const ConfigurationError& error) {
    flaws.push_back({exit_code_of(error.code()), pipeline.name, error.what()});
  }
}

// A store that knows other pipelines but not this one: it was renamed, and would begin anew.
void check_store(const PipelineConfig& pipeline, const Config& config, std::vector<Flaw>& flaws) {
  const Memory memory = must(open_memory(pipeline, config.engine));
  if (memory.journal() == nullptr) return;
  const std::vector<std::string> known = must(memory.journal()->pipelines());
  if (known.empty() || std::ranges::find(known, pipeline.id) != known.end()) return;
  std::string strangers;
  for (const std::string& id : known) {
    const bool ours =
        std::ranges::any_of(config.pipelines, [&](const PipelineConfig& one) { return one.id == id; });
    if (!ours) strangers += (strangers.empty() ? "" : ", ") + id;
  }
  if (strangers.empty()) return;
  flaws.push_back({ExitCode::check_failed, pipeline.name,
                   "the store has never seen a pipeline with the id \"" + pipeline.id + "\", but knows " +
                       strangers +
                       ". If this one was renamed, set `id` to the old name: with a new id it "
                       "begins anew and applies everything again"});
}

Json to_json(const std::vector<Problem>& problems, const std::vector<Flaw>& flaws) {
  Json json = {{"valid", problems.empty() && flaws.empty()}, {"problems", Json::array()}};
  for (const Problem& problem : problems)
    json["problems"].push_back({{"file", problem.place.path()},
                                {"line", problem.place.line},
                                {"column", problem.place.column},
                                {"message", problem.message}});
  for (const Flaw& flaw : flaws)
    json["problems"].push_back({{"pipeline", flaw.pipeline}, {"message", flaw.message}});
  return json;
}

void print_for_people(const Setup& setup, const std::vector<Flaw>& flaws) {
  if (!setup.problems.empty()) print_line(to_text(setup.problems));
  for (const Flaw& flaw : flaws) print_line(flaw.pipeline + ": " + flaw.message);
  const std::size_t wrong = setup.problems.size() + flaws.size();
  if (wrong > 0) return print_line('\n' + counted(wrong, "problem") + '.');
  for (const PipelineConfig& pipeline : setup.config.pipelines)
    print_line(pipeline.name + ": " + describe(pipeline));
  print_line("Valid.");
}

ExitCode validate(const Invocation& invocation, bool connect) {
  const Environment environment = read_environment(invocation);
  Loaded loaded = read_config(invocation, environment);
  const Log log = open_log(invocation, environment, loaded.config.engine);
  const Setup setup = set_up(std::move(loaded), invocation, plugin_log(log));
  std::vector<Flaw> flaws;
  if (setup.ok()) {
    for (const PipelineConfig& pipeline : setup.config.pipelines) check_pipeline(pipeline, setup, flaws);
    if (connect && flaws.empty())
      for (const PipelineConfig& pipeline : setup.config.pipelines)
        check_store(pipeline, setup.config, flaws);
  }
  if (invocation.json)
    print_json(to_json(setup.problems, flaws));
  else
    print_for_people(setup, flaws);
  if (!setup.ok()) return ExitCode::configuration;
  return flaws.empty() ? ExitCode::fine : flaws.front().code;
}

}  // namespace

void add_validate(CLI::App& app, Invocation& invocation, Action& action) {
  CLI::App* command =
      add_command(app, "validate",
                  "Check a configuration: its text, its plugins, and the options of every handler.\n"
                  "All problems are shown, each with its place and what would be right. Status 3 for the "
                  "configuration, 4 for a\n"
                  "plugin that is refused.",
                  "sluice validate -c configs/activity-embedded.yaml");
  auto connect = std::make_shared<bool>(false);
  add_invocation(*command, invocation);
  command->add_flag("--connect", *connect,
                    "Ask the store too whether it knows the pipelines: a renamed one shows");
  command->callback([&invocation, &action, connect] {
    action = [&invocation, connect] { return validate(invocation, *connect); };
  });
}

}  // namespace sluice::engine
