// Handles single events as a pipeline would, and shows what it would do. Nothing is stored or delivered.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "assembly/handling.hpp"
#include "core/record.hpp"

namespace sluice::engine {

enum class TrialOutcome : std::uint8_t {
  handled,
  ignored,      // no route takes it, and that is wanted
  passed_over,  // no event
  refused,      // it would be a dead letter
  stops,        // no route takes it: the pipeline would stop
  impure,       // a handler gave other changes when it was asked again
};

struct TrialReport {
  TrialOutcome outcome = TrialOutcome::handled;
  Code code = Code::internal;  // of refused, stops and impure
  std::string reason;
  std::string event_id;
  std::string event_type;
  std::string aggregate_type;  // may be empty, as may its id
  std::string aggregate_id;
  std::vector<std::string> changes;  // each one a JSON object, as changes_to_json() writes it
  std::vector<std::string> sinks;    // that it would be delivered to

  [[nodiscard]] bool good() const noexcept {
    return outcome == TrialOutcome::handled || outcome == TrialOutcome::ignored ||
           outcome == TrialOutcome::passed_over;
  }
};

class Trial {
 public:
  // Both outlive the trial.
  Trial(const PipelineConfig& pipeline, Handling& handling)
      : handling_(handling), store_collection_(store_names(pipeline)) {}

  [[nodiscard]] TrialReport handle(const Record& record);

 private:
  void call_handlers(const Event& event, TrialReport& report);
  [[nodiscard]] Result<std::vector<std::string>> changes_of(const ReplayTargets::NamedHandler& handler,
                                                            const Event& event);

  Handling& handling_;
  std::function<Result<std::string>(std::string_view)> store_collection_;
};

[[nodiscard]] std::string_view to_text(TrialOutcome outcome) noexcept;

// {"handler":…,"kind":"patch","collection":…,"id":…,"wait_until_exists":true,"content":{…},
//  "operations":[{"op":"$set","path":…,"value":…}],"skip_if":[{"contains":"a.b","value":…}]}
[[nodiscard]] std::string change_to_json(std::string_view handler, std::string_view collection,
                                         const Change& change);

}  // namespace sluice::engine
