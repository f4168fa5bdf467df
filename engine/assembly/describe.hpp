// A pipeline in one line, for the log.
#pragma once

#include <string>

#include "config/config.hpp"

namespace sluice::engine {

// "sqlite (path=outbox.db) -> activity.user_created, stats -> sqlite (path=read.db)": of sources, stores and
// dead letters the options that differ from their defaults; secrets and user info in URIs are left out.
[[nodiscard]] std::string describe(const PipelineConfig& pipeline);

}  // namespace sluice::engine
