// Findings for people and for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "config/place.hpp"
#include "examine/doctor.hpp"

namespace sluice::engine {

// Pipeline by pipeline, part by part; what is wrong in capitals, with what to do below it; a summary at the
// end:
//
//   activity
//     source
//       ok       topic orders: Has 6 partitions.
//       WARNING  topic orders: Records are kept for 1h only: …
//                -> kafka-configs.sh …
//   No problem, 1 warning.
[[nodiscard]] std::string findings_to_text(std::span<const PipelineFindings> pipelines);

// {"healthy":…, "problems":N, "warnings":N, "configuration":[…], "pipelines":[{"pipeline":…,
// "findings":[{"level":…,
//  "part":…, "subject":…, "what":…, "remedy":…}]}]}; a configuration that cannot be read has no pipelines.
[[nodiscard]] nlohmann::ordered_json findings_to_json(std::span<const PipelineFindings> pipelines,
                                                      std::span<const Problem> configuration);

}  // namespace sluice::engine
