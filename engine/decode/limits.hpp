// The limits that every decoder has as options.
#pragma once

#include <vector>

#include "core/options.hpp"
#include "json/limits.hpp"

namespace sluice::engine {

// The decoder's own options followed by max_bytes, max_depth and max_keys.
[[nodiscard]] std::vector<OptionSpec> with_limits(std::vector<OptionSpec> own);

[[nodiscard]] JsonLimits payload_limits(const Options& options);

// An envelope may be as large as its payload may be and nests a little deeper; its keys are not counted.
[[nodiscard]] JsonLimits envelope_limits(const Options& options);

}  // namespace sluice::engine
