// sluice dead-letters replay.
#include <nlohmann/json.hpp>
#include <optional>

#include "app/commands/dead_letters.hpp"
#include "app/configuration.hpp"
#include "app/output.hpp"
#include "assembly/assemble.hpp"
#include "assembly/handling.hpp"
#include "assembly/setup.hpp"
#include "observe/numbers.hpp"
#include "replay/replayer.hpp"

namespace sluice::engine {
namespace {

using Json = nlohmann::ordered_json;

std::string_view outcome_text(ReplayOutcome outcome, bool dry_run) {
  switch (outcome) {
    case ReplayOutcome::replayed:
      return dry_run ? "would_replay" : "replayed";
    case ReplayOutcome::failed:
      return "failed";
    case ReplayOutcome::unavailable:
      return "unavailable";
  }
  return "";
}

Json report_json(const DeadLetter& letter, const ReplayReport& report, bool dry_run) {
  Json json = {{"id", letter.id()},
               {"outcome", outcome_text(report.outcome, dry_run)},
               {"changes", unapplied_json(report.changes)}};
  if (report.outcome == ReplayOutcome::replayed) return json;
  json["code"] = to_text(report.code);
  json["reason"] = report.reason;
  return json;
}

void print_report(const DeadLetter& letter, const ReplayReport& report, bool dry_run) {
  if (report.outcome != ReplayOutcome::replayed) {
    print_line(letter.id() + "  stays: " + report.reason + " [" + std::string(to_text(report.code)) + ']');
    return;
  }
  print_line(letter.id() + (dry_run ? "  would apply:" : "  applied:"));
  if (report.changes.empty()) print_line("    nothing: the event asks for no change any more");
  for (const Unapplied& change : report.changes) print_line("    " + describe(change));
}

// Replays letters pipeline by pipeline and tells of each.
class Replay {
 public:
  Replay(const Setup& setup, const DeadLetterOptions& options, bool json)
      : setup_(setup), options_(options), json_(json) {}

  // False when going on has no sense.
  bool all_of(const LetterBox& box) {
    if (box.letters.empty()) return true;
    Handling handling(box.pipeline, setup_);
    const auto session = box.store != nullptr ? box.store->open_session() : nullptr;
    Replayer replayer({.pipeline = box.pipeline.id,
                       .generation = box.pipeline.generation,
                       .share = box.pipeline.share,
                       .decoder = &handling.decoder(),
                       .route = [&](std::string_view type) { return handling.targets(type); },
                       .store_collection = store_names(box.pipeline),
                       .store = session.get(),
                       .journal = box.journal},
                      {.force = options_.force, .dry_run = options_.dry_run});
    for (const DeadLetter& letter : box.letters) {
      const ReplayReport report = replayer.replay(letter);
      tell(letter, report);
      if (report.outcome == ReplayOutcome::unavailable) return false;
    }
    return true;
  }

  ExitCode conclude() const {
    if (json_)
      print_json(reports_);
    else
      print_line(counted(replayed_, "dead letter") + (options_.dry_run ? " would be replayed" : " replayed") +
                 (failed_ > 0 ? "; not replayed: " + std::to_string(failed_) : "") + '.');
    return failed_ > 0 ? ExitCode::check_failed : ExitCode::fine;
  }

 private:
  void tell(const DeadLetter& letter, const ReplayReport& report) {
    ++(report.outcome == ReplayOutcome::replayed ? replayed_ : failed_);
    if (json_)
      reports_.push_back(report_json(letter, report, options_.dry_run));
    else
      print_report(letter, report, options_.dry_run);
  }

  const Setup& setup_;
  const DeadLetterOptions& options_;
  const bool json_;
  Json reports_ = Json::array();
  std::size_t replayed_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace

ExitCode replay_dead_letters(const Invocation& invocation, const DeadLetterOptions& options) {
  require_choice(options);
  const Setup setup = set_up(invocation);
  Replay replay(setup, options, invocation.json);
  for_each_box(setup.config, options, [&](const LetterBox& box) { return replay.all_of(box); });
  return replay.conclude();
}

}  // namespace sluice::engine
