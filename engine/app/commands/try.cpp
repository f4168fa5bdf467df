// sluice try: what events would change, without changing anything.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "app/command_failed.hpp"
#include "app/commands/commands.hpp"
#include "app/configuration.hpp"
#include "app/output.hpp"
#include "app/pipeline_choice.hpp"
#include "assembly/connectors.hpp"
#include "assembly/handling.hpp"
#include "assembly/setup.hpp"
#include "examine/trial.hpp"

namespace sluice::engine {
namespace {

using Json = nlohmann::ordered_json;

struct TryOptions {
  std::string pipeline;
  std::string file = "-";
  std::string format = "auto";
};

// Standard input as a file that can be read from any place; gone with the object.
class StandardInput {
 public:
  StandardInput() {
    std::string folder = (std::filesystem::temp_directory_path() / "sluice-try-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr)
      throw CommandFailed(ExitCode::check_failed, "no folder for standard input can be made in " +
                                                      std::filesystem::temp_directory_path().string());
    folder_ = folder;
    std::ofstream(path()) << std::cin.rdbuf();
  }
  ~StandardInput() {
    std::error_code ignored;  // a folder left behind in the temporary folder harms nobody
    std::filesystem::remove_all(folder_, ignored);
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;

  [[nodiscard]] std::string path() const { return folder_ / "stdin"; }

 private:
  std::filesystem::path folder_;
};

// Whether the first line is a record with a place, as `kcat -J` prints it, or a value alone.
std::string guess_format(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line) && line.empty()) continue;
  const Json first = Json::parse(line, nullptr, false);
  const bool has_value = first.is_object() && (first.contains("payload") || first.contains("value"));
  const bool has_place = first.is_object() && (first.contains("offset") || first.contains("partition"));
  return has_value && has_place ? "records" : "plain";
}

class BeginningListener final : public PartitionListener {
 public:
  Result<std::optional<Progress>> assigned(PartitionId, const TopicPartition&,
                                           std::optional<Progress>) override {
    return std::optional<Progress>();
  }
  std::optional<SafePosition> revoked(PartitionId) override { return std::nullopt; }
};

void for_each_record(const std::string& path, const std::string& format,
                     const std::function<void(const Record&)>& each) {
  const auto& role = find_connector("file")->source;
  Options options = default_options(role->options);
  options.set("path", path);
  options.set("format", format);
  const auto source = role->make(options, {});
  BeginningListener listener;
  must(source->open(listener));
  while (true) {
    const Polled polled = must(source->poll(milliseconds(1000)));
    if (std::holds_alternative<Finished>(polled)) return;
    if (const auto* chunk = std::get_if<Chunk>(&polled))
      for (const Record& record : chunk->records) each(record);
  }
}

Json to_json(const Record& record, const TrialReport& report) {
  Json json = {{"position", record.position.value}, {"outcome", to_text(report.outcome)}};
  if (!report.event_type.empty()) json["event"] = {{"id", report.event_id}, {"type", report.event_type}};
  if (!report.good()) {
    json["code"] = to_text(report.code);
    json["reason"] = report.reason;
  }
  json["changes"] = Json::array();
  for (const std::string& change : report.changes) json["changes"].push_back(Json::parse(change));
  if (!report.sinks.empty()) json["sinks"] = report.sinks;
  return json;
}

void print_for_people(const Record& record, const TrialReport& report) {
  std::string line = "at " + std::to_string(record.position.value) + ": ";
  if (!report.event_type.empty()) line += report.event_type + ' ' + report.event_id + ": ";
  line += to_text(report.outcome);
  if (!report.good()) line += " [" + std::string(to_text(report.code)) + "] " + report.reason;
  print_line(line);
  for (const std::string& change : report.changes) print_line("  " + change);
  for (const std::string& sink : report.sinks) print_line("  to " + sink);
}

ExitCode try_events(const Invocation& invocation, const TryOptions& options) {
  const Setup setup = set_up(invocation);
  const PipelineConfig& pipeline = select_pipeline(setup.config, options.pipeline);
  Handling handling(pipeline, setup);
  Trial trial(pipeline, handling);
  std::optional<StandardInput> input;
  if (options.file == "-") input.emplace();
  const std::string path = input ? input->path() : options.file;
  Json reports = Json::array();
  std::size_t bad = 0;
  for_each_record(path, options.format == "auto" ? guess_format(path) : options.format,
                  [&](const Record& record) {
                    const TrialReport report = trial.handle(record);
                    if (!report.good()) ++bad;
                    if (invocation.json)
                      reports.push_back(to_json(record, report));
                    else
                      print_for_people(record, report);
                  });
  if (invocation.json) print_json(reports);
  return bad > 0 ? ExitCode::check_failed : ExitCode::fine;
}

}  // namespace

void add_try(CLI::App& app, Invocation& invocation, Action& action) {
  CLI::App* command = add_command(
      app, "try",
      "Feed events to a pipeline's decoder, routes and handlers and print what they would change.\n"
      "Nothing is read from the source, stored or delivered. Handlers are called twice, and one that gives "
      "other\n"
      "changes the second time is reported. Status 8 when an event would become a dead letter.",
      "sluice try -c configs/activity-embedded.yaml events.ndjson\n"
      "  kcat -C -b localhost -t postgres.activity.event_outbox -J -c 10 | sluice try -p activity");
  auto options = std::make_shared<TryOptions>();
  add_invocation(*command, invocation);
  add_pipeline_option(*command, options->pipeline);
  command->add_option("file", options->file, "The events, one JSON value on each line; - is standard input")
      ->capture_default_str()
      ->type_name("FILE");
  command
      ->add_option("--format", options->format,
                   "plain: a line is a value; records: a line is a record with key, headers and payload, as\n"
                   "`kcat -J` prints it; auto: judge by the first line")
      ->check(CLI::IsMember({"auto", "plain", "records"}))
      ->capture_default_str()
      ->type_name("auto|plain|records");
  command->callback([&invocation, &action, options] {
    action = [&invocation, options] { return try_events(invocation, *options); };
  });
}

}  // namespace sluice::engine
