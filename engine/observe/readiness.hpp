// Whether the process does its work, and if not, why: the answer of /readyz. Pure.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "observe/report.hpp"

namespace sluice::engine {

enum class NotReady : std::uint8_t {
  starting,
  draining,
  failed,
  breaker_open,
  source_unreachable,
  store_retrying,  // the store or a sink
  dead_letters_unavailable,
  stalled,
};
[[nodiscard]] std::string_view to_text(NotReady why) noexcept;

struct NotReadyReason {
  NotReady why;
  std::string pipeline;
  std::string text;  // for people
  std::optional<Timestamp> since;
};

// Empty: ready. A pipeline whose source is finished is no reason.
[[nodiscard]] std::vector<NotReadyReason> readiness(std::span<const PipelineReport> reports);

// {"ready":false,"reasons":[{"reason":"store_retrying","pipeline":"activity","text":"…","since":"2026-…Z"}]}
[[nodiscard]] nlohmann::ordered_json readiness_json(std::span<const NotReadyReason> reasons);

}  // namespace sluice::engine
