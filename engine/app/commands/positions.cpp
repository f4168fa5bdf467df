// sluice positions: where pipelines stand, and moving them.
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "app/command_failed.hpp"
#include "app/commands/commands.hpp"
#include "app/configuration.hpp"
#include "app/output.hpp"
#include "app/pipeline_choice.hpp"
#include "assembly/assemble.hpp"
#include "assembly/memory.hpp"
#include "observe/summary.hpp"

namespace sluice::engine {
namespace {

using Json = nlohmann::ordered_json;

ExitCode show(const Invocation& invocation, const std::string& name) {
  const Config config = load_config(invocation);
  Json report = Json::array();
  Table table({"pipeline", "topic", "partition", "share", "next", "last record"});
  for (const PipelineConfig* pipeline : select_pipelines(config, name)) {
    const Memory memory = must(open_memory(*pipeline, config.engine));
    if (memory.journal() == nullptr) continue;
    for (const PositionRecord& record : must(memory.journal()->positions(pipeline->id))) {
      const std::string share = std::to_string(record.share.index) + " of " + std::to_string(record.share.of);
      const std::string last = record.last_timestamp == Timestamp{} ? "" : to_text(record.last_timestamp);
      table.add({pipeline->name, record.partition.topic, std::to_string(record.partition.partition), share,
                 std::to_string(record.next.value), last});
      report.push_back({{"pipeline", pipeline->name},
                        {"topic", record.partition.topic},
                        {"partition", record.partition.partition},
                        {"share", {{"index", record.share.index}, {"of", record.share.of}}},
                        {"next", record.next.value},
                        {"last_timestamp", last.empty() ? Json(nullptr) : Json(last)}});
    }
  }
  if (invocation.json)
    print_json(report);
  else
    print_line(report.empty() ? "No positions are recorded yet: the pipelines begin at the beginning."
                              : table.text());
  return ExitCode::fine;
}

struct ResetOptions {
  std::string pipeline;
  std::string to;
  std::string topic;
  std::optional<std::int32_t> partition;
  bool yes = false;
};

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

bool wanted(const TopicPartition& partition, const ResetOptions& options) {
  return (options.topic.empty() || options.topic == partition.topic) &&
         (!options.partition || *options.partition == partition.partition);
}

Position target_of(const TopicPartition& partition, const ResetOptions& options,
                   const PartitionRanges& ranges) {
  if (const auto position = number(options.to)) return {*position};
  const auto range = ranges.find(partition);
  if (range != ranges.end()) return options.to == "end" ? range->second.end : range->second.begin;
  if (options.to == "beginning") return {0};
  throw CommandFailed(ExitCode::check_failed, "the source has no " + partition.topic + '/' +
                                                  std::to_string(partition.partition) +
                                                  ", and so no end of it; give the position as a number");
}

// The records with their new positions, and no witness, as somebody has set them by hand.
std::vector<PositionRecord> moved(std::vector<PositionRecord> records, const ResetOptions& options,
                                  const PartitionRanges& ranges) {
  std::erase_if(records, [&](const PositionRecord& record) { return !wanted(record.partition, options); });
  for (PositionRecord& record : records) {
    record.next = target_of(record.partition, options, ranges);
    record.witness = {};
    record.last_timestamp = {};
    record.origins = {};
  }
  return records;
}

// Partitions that the source has and nobody has recorded for this share: the source itself may remember how
// far it got.
void add_unrecorded(const PipelineConfig& pipeline, const PartitionRanges& ranges,
                    std::vector<PositionRecord>& records) {
  for (const auto& [partition, range] : ranges) {
    const bool recorded = std::ranges::any_of(records, [&](const PositionRecord& record) {
      return record.partition == partition && record.share == pipeline.share;
    });
    if (!recorded) records.push_back({.partition = partition, .share = pipeline.share});
  }
}

// What a source that remembers positions itself is to remember. Partitions that it has no more are left out.
std::map<TopicPartition, Position> targets(std::span<const PositionRecord> records,
                                           const PartitionRanges& ranges) {
  std::map<TopicPartition, Position> to;
  for (const PositionRecord& record : records)
    if (ranges.contains(record.partition)) to.emplace(record.partition, record.next);
  return to;
}

ExitCode reset(const Invocation& invocation, const ResetOptions& options) {
  if (options.to != "beginning" && options.to != "end" && !number(options.to))
    throw CommandFailed(ExitCode::usage,
                        "--to takes beginning, end or a position, not \"" + options.to + '"');
  const Config config = load_config(invocation);
  const PipelineConfig& pipeline = select_pipeline(config, options.pipeline);
  const Memory memory = must(open_memory(pipeline, config.engine));
  if (memory.journal() == nullptr)
    throw CommandFailed(ExitCode::check_failed, pipeline.name +
                                                    " remembers no positions: it has neither a store "
                                                    "nor an engine.state file");
  auto records = must(memory.journal()->positions(pipeline.id));
  const auto source = make_source(pipeline);
  const PartitionRanges ranges = must(source->ranges());
  add_unrecorded(pipeline, ranges, records);
  records = moved(std::move(records), options, ranges);
  for (const PositionRecord& record : records)
    print_line(pipeline.name + ": " + record.partition.topic + '/' +
               std::to_string(record.partition.partition) + " to " + std::to_string(record.next.value));
  if (records.empty()) {
    print_line(pipeline.name + ": nothing to reset: the source has no such partition");
    return ExitCode::fine;
  }
  if (!options.yes)
    throw CommandFailed(ExitCode::usage,
                        "nothing was changed: stop the pipeline, then give --yes to move it as shown");
  must(memory.journal()->save_positions(pipeline.id, records));
  if (const auto told = source->move(targets(records, ranges)); !told)
    print_line("The pipeline will tell its source itself when it starts next: " + told.error().message);
  print_line(
      "Done. Documents keep what was applied to them: events read again change nothing. If the source was "
      "made anew,\nor the collections were emptied, raise the pipeline's `generation` too.");
  return ExitCode::fine;
}

}  // namespace

void add_positions(CLI::App& app, Invocation& invocation, Action& action) {
  CLI::App* positions = add_command(app, "positions", "Show or move where pipelines stand in their sources.",
                                    "sluice positions show -c configs/activity.yaml");
  positions->require_subcommand(1);

  CLI::App* showing =
      add_command(*positions, "show",
                  "Show where pipelines stand: everything below NEXT is settled and is not read again.",
                  "sluice positions show -c configs/activity.yaml --json");
  auto name = std::make_shared<std::string>();
  add_invocation(*showing, invocation);
  add_pipeline_option(*showing, *name);
  showing->callback(
      [&invocation, &action, name] { action = [&invocation, name] { return show(invocation, *name); }; });

  CLI::App* resetting = add_command(
      *positions, "reset",
      "Move a stopped pipeline in its source. Without --yes it only says what it would do.\n"
      "Reading again is harmless: documents know what was applied to them. Skipping loses events.",
      "sluice positions reset -p activity --to beginning --yes\n"
      "  sluice positions reset -p activity --topic event_outbox --to 4711 --yes");
  auto options = std::make_shared<ResetOptions>();
  add_invocation(*resetting, invocation);
  add_pipeline_option(*resetting, options->pipeline);
  resetting->add_option("--to", options->to, "beginning, end, or a position: the next to be read")
      ->required()
      ->type_name("WHERE");
  resetting->add_option("--topic", options->topic, "This topic, table or file alone")->type_name("NAME");
  resetting->add_option("--partition", options->partition, "This partition alone")->type_name("N");
  resetting->add_flag("--yes", options->yes, "Do it");
  resetting->callback([&invocation, &action, options] {
    action = [&invocation, options] { return reset(invocation, *options); };
  });
}

}  // namespace sluice::engine
