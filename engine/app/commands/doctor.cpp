// sluice doctor: whether all that the pipelines will need is there, and what to do where it is not.
#include <nlohmann/json.hpp>

#include "app/command_failed.hpp"
#include "app/commands/commands.hpp"
#include "app/configuration.hpp"
#include "app/output.hpp"
#include "app/pipeline_choice.hpp"
#include "assembly/setup.hpp"
#include "examine/doctor.hpp"
#include "examine/findings_text.hpp"
#include "observe/numbers.hpp"

namespace sluice::engine {
namespace {

struct DoctorOptions {
  std::string pipeline;
  std::string timeout = "10s";
};

milliseconds patience_of(const DoctorOptions& options) {
  const auto timeout = parse_duration(options.timeout);
  if (timeout && *timeout >= milliseconds(100)) return std::chrono::duration_cast<milliseconds>(*timeout);
  throw CommandFailed(ExitCode::usage, "--timeout takes a duration of at least 100ms, such as 10s, not \"" +
                                           options.timeout + '"');
}

// What clients of libraries log is what the findings say in better words.
Log open_quiet_log(const Invocation& invocation, const Environment& environment, const EngineConfig& engine) {
  Invocation quiet = invocation;
  if (quiet.log_level.empty()) quiet.log_level = "off";
  return open_log(quiet, environment, engine);
}

ExitCode examine(const Invocation& invocation, const DoctorOptions& options) {
  const milliseconds patience = patience_of(options);
  const Environment environment = read_environment(invocation);
  Loaded loaded = read_config(invocation, environment);
  const Log log = open_quiet_log(invocation, environment, loaded.config.engine);
  const Setup setup = set_up(std::move(loaded), invocation, plugin_log(log));
  if (!setup.ok()) {
    if (invocation.json)
      print_json(findings_to_json({}, setup.problems));
    else
      print_line(to_text(setup.problems) + "\n\n" + counted(setup.problems.size(), "problem") +
                 " in the configuration: mend it first.");
    return ExitCode::check_failed;
  }
  const Doctor doctor(setup, patience);
  std::vector<PipelineFindings> reports;
  std::size_t problems = 0;
  for (const PipelineConfig* pipeline : select_pipelines(setup.config, options.pipeline)) {
    reports.push_back(doctor.examine(*pipeline));
    problems += reports.back().findings.count(FindingLevel::problem);
  }
  if (invocation.json)
    print_json(findings_to_json(reports, {}));
  else
    print_line(findings_to_text(reports));
  return problems == 0 ? ExitCode::fine : ExitCode::check_failed;
}

}  // namespace

void add_doctor(CLI::App& app, Invocation& invocation, Action& action) {
  CLI::App* command =
      add_command(app, "doctor",
                  "Try everything the pipelines will need, and say what is wrong and how to mend it.\n"
                  "Configuration, plugins, routes; brokers, topics, the group, the last records as the "
                  "pipeline would take "
                  "them;\n"
                  "the store, rights, indexes; dead letters; positions. Nothing is changed, and a pipeline "
                  "that runs is not "
                  "disturbed.\n"
                  "Status 8 when there is a problem.",
                  "sluice doctor -c configs/activity-embedded.yaml\n"
                  "  sluice doctor -p activity --timeout 3s --json");
  auto options = std::make_shared<DoctorOptions>();
  add_invocation(*command, invocation);
  command->add_option("-p,--pipeline", options->pipeline, "This pipeline alone, by its name")
      ->type_name("NAME");
  command->add_option("--timeout", options->timeout, "How long to wait for each thing that does not answer")
      ->capture_default_str()
      ->type_name("DURATION");
  command->callback([&invocation, &action, options] {
    action = [&invocation, options] { return examine(invocation, *options); };
  });
}

}  // namespace sluice::engine
