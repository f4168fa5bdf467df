// Statuses as engines write them, for the tests of the dashboard.
#pragma once

#include <nlohmann/json.hpp>

#include "top/model.hpp"

namespace sluice::engine::top {

using Json = nlohmann::ordered_json;

// A pipeline in full work, of one partition.
[[nodiscard]] Json busy_pipeline();
// One with all kinds of trouble.
[[nodiscard]] Json troubled_pipeline();
[[nodiscard]] Json pipeline_with_partitions(int count);
// Names, ids and reasons that would break a careless screen.
[[nodiscard]] Json hostile_pipeline();

[[nodiscard]] Json status_of(std::vector<Json> pipelines);

// One that has seen the pipelines grow for so many samples, the last of which is the status.
[[nodiscard]] Model model_of(const Json& status, ModelSettings settings = {"127.0.0.1:8083", "", {}},
                             int samples = 60);

}  // namespace sluice::engine::top
