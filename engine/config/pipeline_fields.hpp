// The part of the table of fields that is below a pipeline.
#pragma once

#include <vector>

#include "config/fields.hpp"

namespace sluice::engine::config {

[[nodiscard]] std::vector<Section> pipeline_sections();

}  // namespace sluice::engine::config
