// The status of a process as metrics, in Prometheus' text format: what GET /metrics answers. docs/metrics.md
// lists every name; names, types and labels are a contract, and a test compares.
//
// Made from a snapshot whenever somebody asks: the pipelines count nothing more for it. Any thread.
//
// The number of series is bounded: labels are pipelines, their partitions and targets, the codes of
// base/code.hpp, and event types, of which an Observer keeps a hundred.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "observe/process_figures.hpp"
#include "observe/status_json.hpp"

namespace sluice::engine {

inline constexpr std::string_view prometheus_content_type = "text/plain; version=0.0.4; charset=utf-8";

[[nodiscard]] std::string prometheus_text(std::span<const PipelineReport> reports, std::string_view version,
                                          const std::optional<ProcessFigures>& process);

}  // namespace sluice::engine
