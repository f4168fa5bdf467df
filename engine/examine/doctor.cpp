#include "examine/doctor.hpp"

#include <algorithm>
#include <set>

#include "assembly/assemble.hpp"
#include "assembly/connectors.hpp"
#include "assembly/handling.hpp"
#include "assembly/memory.hpp"
#include "observe/numbers.hpp"
#include "pipeline/start_position.hpp"

namespace sluice::engine {
namespace {

ConnectorContext context_of(const PipelineConfig& pipeline) {
  return {.pipeline = pipeline.id, .share = pipeline.share};
}

void report_plugins(const PipelineConfig& pipeline, const Setup& setup, Findings& findings) {
  for (const PluginConfig& config : pipeline.plugins) {
    const auto plugin = setup.plugins->find(config.name);
    if (!plugin) continue;
    std::string offers;
    for (const ComponentSpec& component : plugin->components())
      offers += (offers.empty() ? "" : ", ") + component.name;
    findings.ok("plugin " + config.name, "Version " + plugin->manifest().version + " of " +
                                             plugin->manifest().file.string() + ", with " + offers + ".");
  }
}

// Event types that a handler of the pipeline is for and that no route brings to it.
void report_routes(const PipelineConfig& pipeline, const Setup& setup, Findings& findings) {
  std::set<std::string> routed;
  bool all = false;
  std::string text;
  for (const RouteConfig& route : pipeline.routes) {
    all = all || route.types.empty();
    std::string to;
    for (const std::size_t target : route.to) to += (to.empty() ? "" : ", ") + pipeline.handlers[target].name;
    std::string types;
    for (const std::string& type : route.types) {
      routed.insert(type);
      types += (types.empty() ? "" : ", ") + type;
    }
    text += (text.empty() ? "" : "; ") + (types.empty() ? "any type" : types) + " to " +
            (to.empty() ? "nobody" : to);
  }
  findings.ok("routes", text.empty() ? "There are none." : text + ".");
  for (const HandlerConfig& handler : pipeline.handlers) {
    const auto plugin = setup.plugins->find(handler.plugin);
    const ComponentSpec* component = plugin ? plugin->find(handler.component) : nullptr;
    if (component == nullptr || all) continue;
    for (const std::string& type : component->event_types)
      if (!routed.contains(type))
        findings.warn("routes",
                      handler.name + " is for events of the type " + type + ", but no route takes them.",
                      "Add a route: { on: " + type + ", to: [" + handler.name + "] }");
  }
}

void report_positions(const PipelineConfig& pipeline, std::span<const PositionRecord> recorded,
                      std::span<const PartitionFacts> partitions, Findings& findings) {
  const std::string reset =
      "If it was made anew on purpose: sluice positions reset -c FILE --pipeline " + pipeline.name +
      " --to beginning --yes, and raise its `generation`: the documents remember the old positions.";
  struct Lag {
    std::size_t partitions = 0;
    std::size_t begun = 0;
    std::int64_t behind = 0;
  };
  std::map<std::string, Lag> topics;
  for (const PartitionFacts& facts : partitions) {
    Lag& lag = topics[facts.partition.topic];
    ++lag.partitions;
    const auto record = start_record(recorded, facts.partition, pipeline.share);
    const auto start = start_position(record, facts.committed);
    if (record) {
      if (const auto why = why_recreated(*record, {.end = facts.end, .checksum = facts.checksum})) {
        findings.problem("positions", *why + ".", reset);
        continue;
      }
      if (start == facts.committed && facts.committed > record->next)
        findings.warn("positions",
                      '"' + facts.partition.topic + "\" partition " +
                          std::to_string(facts.partition.partition) + ": the group has committed " +
                          std::to_string(facts.committed->value) +
                          ", but the store knows only of what is before " +
                          std::to_string(record->next.value) + ": the events between are skipped.",
                      "If nobody meant that, set the group back to " + std::to_string(record->next.value) +
                          " with kafka-consumer-groups.sh --reset-offsets while the pipeline is stopped.");
    }
    if (start) ++lag.begun;
    const std::int64_t from = start ? start->value : facts.begin.value_or(Position{0}).value;
    if (facts.end) lag.behind += std::max<std::int64_t>(0, facts.end->value - from);
  }
  for (const auto& [topic, lag] : topics)
    findings.ok("positions", topic + ": " +
                                 (lag.begun == 0 ? std::string("not begun yet")
                                                 : std::to_string(lag.begun) + " of " +
                                                       counted(lag.partitions, "partition") + " begun") +
                                 "; the end is " + counted(static_cast<std::size_t>(lag.behind), "position") +
                                 " away.");
}

void report_strangers(const PipelineConfig& pipeline, const Config& config,
                      std::span<const std::string> known, Findings& findings) {
  std::string strangers;
  for (const std::string& id : known) {
    const bool ours =
        std::ranges::any_of(config.pipelines, [&](const PipelineConfig& one) { return one.id == id; });
    if (!ours) strangers += (strangers.empty() ? "" : ", ") + id;
  }
  if (strangers.empty()) return;
  if (std::ranges::find(known, pipeline.id) != known.end())
    return findings.ok("pipelines", "The store also keeps the record of " + strangers +
                                        ", of other configurations or removed.");
  findings.warn(
      "pipelines",
      "The store has never seen a pipeline with the id \"" + pipeline.id + "\", but knows " + strangers +
          ", which this configuration does not have.",
      "If the pipeline was renamed, set `id` to the old name: with a new id it begins anew and applies "
      "everything again.");
}

}  // namespace

PipelineFindings Doctor::examine(const PipelineConfig& pipeline) const {
  PipelineFindings report{pipeline.name, {}};
  Findings& findings = report.findings;
  if (!examine_plugins(pipeline, findings)) return report;
  const std::shared_ptr<Journal> journal = examine_memory(pipeline, findings);
  examine_source(pipeline, journal.get(), findings);
  examine_dead_letters(pipeline, findings);
  if (journal) examine_journal(pipeline, *journal, findings);
  return report;
}

// All that can be made of the configuration alone, handlers included. False where it cannot be.
bool Doctor::examine_plugins(const PipelineConfig& pipeline, Findings& findings) const {
  findings.begin("plugins");
  try {
    const Handling handling(pipeline, setup_);
    // Made too, to see what options alone can tell; nothing is connected.
    const auto source = make_source(pipeline);
    const auto letters = make_dead_letters(pipeline);
    if (pipeline.store) {
      const Memory memory = make_memory(pipeline, setup_.config.engine);
    }
  } catch (const ConfigurationError& error) {
    const bool refused = error.code() == Code::plugin_refused;
    findings.problem(refused ? "plugins" : "configuration", std::string(error.what()) + ".",
                     refused ? "`sluice plugins list` shows where plugins are looked for and which fit."
                             : "Correct the configuration.");
    return false;
  }
  report_plugins(pipeline, setup_, findings);
  report_routes(pipeline, setup_, findings);
  return true;
}

std::shared_ptr<Journal> Doctor::examine_memory(const PipelineConfig& pipeline, Findings& findings) const {
  findings.begin("store");
  const std::vector<CollectionSpec> collections = store_collections(pipeline);
  Examination<Store> examination{
      .findings = findings, .patience = patience_, .collections = collections, .journal = {}};
  if (pipeline.store) {
    const auto& role = find_connector(pipeline.store->name)->store;
    if (role->examine != nullptr)
      role->examine(pipeline.store->options, context_of(pipeline), examination);
    else
      findings.ok(pipeline.store->name, "Needs nothing outside of the process.");
    return examination.journal;
  }
  const std::string& state = setup_.config.engine.state;
  if (state.empty()) {
    findings.warn("state file",
                  "There is neither a store nor a state file: positions, the breaker and what became of dead "
                  "letters are forgotten at the end.",
                  "Set engine.state to a file.");
    return nullptr;
  }
  const auto& role = find_connector("sqlite")->store;
  Options options = default_options(role->options);
  options.set("path", state);
  role->examine(options, context_of(pipeline), examination);
  return examination.journal;
}

void Doctor::examine_source(const PipelineConfig& pipeline, Journal* journal, Findings& findings) const {
  findings.begin("source");
  const auto& role = find_connector(pipeline.source.name)->source;
  if (role->examine == nullptr)
    return findings.ok(pipeline.source.name, "Needs nothing outside of the process.");

  std::vector<PositionRecord> recorded;
  if (journal != nullptr) {
    if (auto positions = journal->positions(pipeline.id))
      recorded = std::move(*positions);
    else
      findings.problem("positions", positions.error().message + ".", "Mend the store first.");
  }
  Handling handling(pipeline, setup_);
  SampledRecords samples(pipeline, handling);
  const auto record_of = [&](const TopicPartition& partition) {
    return start_record(recorded, partition, pipeline.share);
  };
  Examination<Source> examination{
      .findings = findings,
      .patience = patience_,
      .witness =
          [&](const TopicPartition& partition) {
            const auto record = record_of(partition);
            return record && record->witness.known() ? std::optional(record->witness.position) : std::nullopt;
          },
      .start =
          [&](const TopicPartition& partition, std::optional<Position> committed) {
            return start_position(record_of(partition), committed);
          },
      .sample = [&](const Record& record) { samples.judge(record); },
  };
  role->examine(pipeline.source.options, context_of(pipeline), examination);

  std::map<std::string, int> partitions;
  for (const PartitionFacts& facts : examination.partitions) ++partitions[facts.partition.topic];
  samples.report(partitions, findings);
  report_positions(pipeline, recorded, examination.partitions, findings);
}

void Doctor::examine_dead_letters(const PipelineConfig& pipeline, Findings& findings) const {
  findings.begin("dead letters");
  if (!pipeline.dead_letters) {
    findings.warn("dead letters",
                  "There is no place for them: the pipeline stops at the first event that cannot be applied.",
                  "Set dead_letters.");
    return;
  }
  const auto& role = find_connector(pipeline.dead_letters->name)->dead_letters;
  if (role->examine == nullptr)
    return findings.ok(pipeline.dead_letters->name, "Needs nothing outside of the process.");
  ConnectorContext context = context_of(pipeline);
  if (pipeline.source.name == pipeline.dead_letters->name) context.source = &pipeline.source.options;
  Examination<DeadLetters> examination{.findings = findings, .patience = patience_};
  role->examine(pipeline.dead_letters->options, context, examination);
}

void Doctor::examine_journal(const PipelineConfig& pipeline, Journal& journal, Findings& findings) const {
  findings.begin("journal");
  const auto known = journal.pipelines();
  const auto breaker = journal.breaker(pipeline.id);
  const auto letters = journal.letters(pipeline.id);
  if (!known || !breaker || !letters) {
    const Error& error = !known ? known.error() : !breaker ? breaker.error() : letters.error();
    findings.problem("journal", error.message + ".", "Mend the store first.");
    return;
  }
  report_strangers(pipeline, setup_.config, *known, findings);
  if (*breaker)
    findings.problem(
        "breaker", "Open since " + to_text((*breaker)->opened) + ": " + (*breaker)->reason + ".",
        "Look at the dead letters, mend the cause, then: sluice resume -c FILE --pipeline " + pipeline.name);
  else
    findings.ok("breaker", "Closed.");

  std::set<std::pair<TopicPartition, Position>> standing;
  for (const LetterRecord& letter : *letters)
    if (letter.disposition == Disposition::intended && letter.generation == pipeline.generation)
      standing.emplace(letter.partition, letter.position);
  if (standing.empty())
    findings.ok("dead letters", "None stand.");
  else
    findings.warn(
        "dead letters", counted(standing.size(), "event") + " could not be applied and wait for a decision.",
        "sluice dead-letters list -c FILE --pipeline " + pipeline.name + ", then replay or discard them.");
}

}  // namespace sluice::engine
