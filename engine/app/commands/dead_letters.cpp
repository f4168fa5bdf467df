// sluice dead-letters list|show|discard: what could not be applied. Replaying is in dead_letters_replay.cpp.
#include "app/commands/dead_letters.hpp"
#include "app/command_failed.hpp"
#include "app/commands/commands.hpp"
#include "app/configuration.hpp"
#include "app/output.hpp"
#include "app/pipeline_choice.hpp"
#include "assembly/assemble.hpp"
#include "assembly/memory.hpp"

#include <nlohmann/json.hpp>

#include "letters/letter_book.hpp"
#include "observe/numbers.hpp"

namespace sluice::engine {
namespace {

using Json = nlohmann::ordered_json;

void for_each_letter(const Config& config, const DeadLetterOptions& options,
                     const std::function<void(const LetterBox&, const DeadLetter&)>& each) {
  for_each_box(config, options, [&](const LetterBox& box) {
    for (const DeadLetter& letter : box.letters) each(box, letter);
    return true;
  });
}

Json text_or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }

Json summary_json(const DeadLetter& letter) {
  Json json = {
      {"id", letter.id()},
      {"pipeline", letter.pipeline},
      {"topic", letter.topic},
      {"partition", letter.partition},
      {"position", letter.position.value},
      {"code", to_text(letter.code)},
      {"reason", letter.reason},
      {"event_id", letter.event_id},
      {"event_type", letter.event_type},
      {"failed_at", to_text(letter.failed_at)},
      {"unapplied", unapplied_json(letter.unapplied)},
  };
  return json;
}

Json whole_json(const DeadLetter& letter) {
  Json json = summary_json(letter);
  json["timestamp"] = to_text(letter.timestamp);
  json["key"] = text_or_null(letter.key);
  json["headers"] = Json::array();
  for (const auto& [name, value] : letter.headers)
    json["headers"].push_back(Json::array({name, text_or_null(value)}));
  json["value"] = text_or_null(letter.value);
  return json;
}

ExitCode list(const Invocation& invocation, const DeadLetterOptions& options) {
  const Config config = load_config(invocation);
  Json report = Json::array();
  Table table({"id", "failed at", "code", "type", "event", "reason"});
  for_each_letter(config, options, [&](const LetterBox&, const DeadLetter& letter) {
    report.push_back(summary_json(letter));
    table.add({letter.id(), to_text(letter.failed_at), std::string(to_text(letter.code)), letter.event_type,
               letter.event_id, letter.reason});
  });
  if (invocation.json)
    print_json(report);
  else
    print_line(report.empty() ? "No dead letters."
                              : table.text() + '\n' + counted(report.size(), "dead letter"));
  return ExitCode::fine;
}

void print_whole(const DeadLetter& letter) {
  print_line(letter.id());
  print_line("  failed at   " + to_text(letter.failed_at));
  print_line("  code        " + std::string(to_text(letter.code)) + ": " +
             std::string(describe(letter.code).meaning));
  print_line("  reason      " + letter.reason);
  print_line("  event       " + (letter.event_type.empty() ? "could not be decoded"
                                                           : letter.event_type + ' ' + letter.event_id));
  for (const Unapplied& change : letter.unapplied) print_line("  unapplied   " + describe(change));
  print_line("  timestamp   " + to_text(letter.timestamp));
  print_line("  key         " + letter.key.value_or("(none)"));
  for (const auto& [name, value] : letter.headers)
    print_line("  header      " + name + ": " + value.value_or("(null)"));
  print_line("  value       " + letter.value.value_or("(none)"));
}

ExitCode show(const Invocation& invocation, const DeadLetterOptions& options) {
  const Config config = load_config(invocation);
  Json report = Json::array();
  for_each_letter(config, options, [&](const LetterBox&, const DeadLetter& letter) {
    report.push_back(whole_json(letter));
    if (!invocation.json) print_whole(letter);
  });
  if (invocation.json) print_json(report);
  if (report.empty() && !invocation.json) print_line("No such dead letter: see `sluice dead-letters list`.");
  return report.empty() && !options.filter.ids.empty() ? ExitCode::check_failed : ExitCode::fine;
}

ExitCode discard(const Invocation& invocation, const DeadLetterOptions& options) {
  require_choice(options);
  const Config config = load_config(invocation);
  Json report = Json::array();
  for_each_letter(config, options, [&](const LetterBox& box, const DeadLetter& letter) {
    if (box.journal == nullptr)
      throw CommandFailed(ExitCode::check_failed,
                          "pipeline " + letter.pipeline +
                              " has neither a store nor an engine.state file to remember "
                              "what was discarded");
    if (!options.dry_run) {
      must(box.journal->save_letters(letter.pipeline, to_records(letter, Disposition::discarded)));
    }
    report.push_back({{"id", letter.id()}, {"discarded", !options.dry_run}});
    if (!invocation.json) print_line((options.dry_run ? "would discard " : "discarded ") + letter.id());
  });
  if (invocation.json)
    print_json(report);
  else
    print_line(counted(report.size(), "dead letter") +
               (options.dry_run ? " would be discarded." : " discarded."));
  return ExitCode::fine;
}

}  // namespace

nlohmann::ordered_json unapplied_json(std::span<const Unapplied> changes) {
  Json json = Json::array();
  for (const Unapplied& change : changes)
    json.push_back(
        {{"handler", change.handler}, {"collection", change.collection}, {"document", change.document}});
  return json;
}

std::string describe(const Unapplied& change) {
  if (change.collection.empty()) return change.handler;
  return change.handler + " on " + change.collection + ' ' + change.document;
}

void require_choice(const DeadLetterOptions& options) {
  if (options.all || options.filter.narrows()) return;
  throw CommandFailed(ExitCode::usage,
                      "say which letters: by ID, --code, --type, --since or --until, or --all");
}

void for_each_box(const Config& config, const DeadLetterOptions& options,
                  const std::function<bool(const LetterBox&)>& each) {
  const LetterFilter filter = options.filter.filter(SystemClock().wall());
  std::size_t seen = 0;
  for (const PipelineConfig* pipeline : select_pipelines(config, options.pipeline)) {
    if (!pipeline->dead_letters) continue;
    const auto letters = make_dead_letters(*pipeline);
    must(letters->open());
    const Memory memory = must(open_memory(*pipeline, config.engine));
    // Collected first: what is done with a letter may write to where letters are read from.
    LetterBox box{*pipeline, memory.store.get(), memory.journal(), {}};
    must(standing_letters(*letters, box.journal, pipeline->id, pipeline->generation, filter,
                          [&](const DeadLetter& letter) {
                            if (options.filter.limit > 0 && seen >= options.filter.limit) return false;
                            ++seen;
                            box.letters.push_back(letter);
                            return true;
                          }));
    if (!each(box)) return;
  }
}

void add_dead_letters(CLI::App& app, Invocation& invocation, Action& action) {
  CLI::App* letters = add_command(app, "dead-letters",
                                  "See, apply again, or give up events that could not be applied.\n"
                                  "An event that cannot be decoded or handled, or whose change a store "
                                  "refuses, is kept as a dead letter with\n"
                                  "its reason, and the pipeline goes on.",
                                  "sluice dead-letters list\n"
                                  "  sluice dead-letters show activity/event_outbox/0/17\n"
                                  "  sluice dead-letters replay --code handler.rejected --dry-run");
  letters->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& help, const std::string& example,
                       auto run) {
    CLI::App* command = add_command(*letters, name, help, example);
    auto options = std::make_shared<DeadLetterOptions>();
    add_invocation(*command, invocation);
    add_pipeline_option(*command, options->pipeline);
    add_letter_filter(*command, options->filter);
    command->callback([&invocation, &action, options, run] {
      action = [&invocation, options, run] { return run(invocation, *options); };
    });
    return std::pair(command, options);
  };

  add("list", "List the dead letters that were neither replayed nor discarded, the oldest first.",
      "sluice dead-letters list --since 2h --code handler", list);
  add("show", "Show dead letters whole: reason, what was not applied, and the record as it came.",
      "sluice dead-letters show activity/event_outbox/0/17", show);
  const auto [replaying, replay_options] = add(
      "replay",
      "Apply dead letters again: what was not applied of each, and once only, even if this is interrupted\n"
      "and repeated. A change that would overwrite what newer events made is refused.",
      "sluice dead-letters replay --type ParticipantJoined --dry-run\n"
      "  sluice dead-letters replay --all",
      replay_dead_letters);
  replaying->add_flag("--all", replay_options->all, "All of them");
  replaying->add_flag("--dry-run", replay_options->dry_run, "Say what would be applied, write nothing");
  replaying->add_flag("--force", replay_options->force, "Overwrite even what newer events have changed");
  const auto [discarding, discard_options] =
      add("discard", "Give dead letters up: they are kept where they are and not shown again.",
          "sluice dead-letters discard --code decode --until 2026-11-01T00:00:00Z", discard);
  discarding->add_flag("--all", discard_options->all, "All of them");
  discarding->add_flag("--dry-run", discard_options->dry_run, "Say which, do nothing");
}

}  // namespace sluice::engine
