#include "observe/status_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace sluice::engine {
namespace {

using Json = nlohmann::ordered_json;

// To the microsecond and a tenth of an event: more digits say nothing.
double rounded(double value, double unit) { return std::round(value / unit) * unit; }
double milliseconds_of(microseconds time) { return static_cast<double>(time.count()) / 1000; }

Json latency_json(const Latencies& latencies) {
  Json stages = Json::object();
  for (const Stage stage : all_stages) {
    const LatencyFigures figures = latencies[stage].figures();
    if (figures.count == 0) continue;
    stages[std::string(to_text(stage))] = {
        {"count", figures.count},
        {"p50", rounded(figures.p50, 0.001)},
        {"p95", rounded(figures.p95, 0.001)},
        {"p99", rounded(figures.p99, 0.001)},
        {"min", figures.min},
        {"avg", rounded(figures.avg, 0.001)},
        {"max", figures.max},
    };
  }
  return stages;
}

Json types_json(const Figures& figures) {
  Json types = Json::object();
  for (const auto& [type, counts] : figures.types)
    types[type] = {{"count", counts.count}, {"dead_letters", counts.dead_letters}};
  return types;
}

template <class Counts>
Json by_code(const Counts& counts) {
  Json codes = Json::object();
  for (const CodeInfo& info : all_codes())
    if (const std::uint64_t count = counts[static_cast<std::size_t>(info.code)]; count > 0)
      codes[std::string(info.text)] = count;
  return codes;
}

Json partitions_json(const PipelineStatus& status) {
  Json partitions = Json::array();
  for (const PartitionStatus& partition : status.partitions)
    partitions.push_back({
        {"topic", partition.partition.topic},
        {"partition", partition.partition.partition},
        {"next", partition.next.value},
        {"safe", partition.safe.value},
        {"end", partition.end ? Json(partition.end->value) : Json(nullptr)},
        {"unfinished", partition.unfinished},
        {"paused", partition.paused},
    });
  return partitions;
}

Json targets_json(const PipelineReport& report) {
  Json targets = Json::array();
  for (const TargetStatus& target : report.status.targets) {
    const auto found = report.figures.targets.find(target.name);
    const BatchFigures batches = found == report.figures.targets.end() ? BatchFigures{} : found->second;
    const double each =
        batches.batches == 0 ? 0 : milliseconds_of(batches.took.sum()) / static_cast<double>(batches.batches);
    Json json = {
        {"name", target.name},           {"writers", target.writers},
        {"busy", target.busy},           {"queued", target.queued},
        {"in_flight", target.in_flight}, {"waiting", target.waiting},
        {"batches", batches.batches},    {"writes", batches.writes},
        {"changes", batches.changes},    {"batch_ms", rounded(each, 0.001)},
    };
    if (target.retrying_since) {
      json["retrying_since"] = to_text(*target.retrying_since);
      json["retry_reason"] = target.retry_reason;
    }
    targets.push_back(std::move(json));
  }
  return targets;
}

Json last_events_json(const Figures& figures) {
  Json events = Json::array();
  for (const LastEvent& event : figures.last_events) {
    Json json = {
        {"type", event.type},
        {"id", event.id},
        {"outcome", to_text(event.how)},
        {"latency_ms", milliseconds_of(event.latency)},
        {"time", to_text(event.time)},
    };
    if (event.how == Settled::dead_letter) json["code"] = to_text(event.code);
    events.push_back(std::move(json));
  }
  return events;
}

}  // namespace

Json pipeline_json(const PipelineReport& report) {
  const auto& [status, figures] = report;
  const bool ended_badly =
      status.state == PipelineState::failed || status.state == PipelineState::breaker_open;
  Json json = {{"id", status.id}, {"state", to_text(status.state)}, {"reason", status.reason}};
  if (ended_badly) json["code"] = to_text(status.code);
  json["events"] = {
      {"applied", figures.applied}, {"dead_letters", figures.dead_letters},
      {"ignored", figures.ignored}, {"passed_over", figures.passed_over},
      {"total", figures.total()},
  };
  json["rates"] = {
      {"now", rounded(figures.rates.now, 0.1)},
      {"average", rounded(figures.rates.average, 0.1)},
      {"peak", rounded(figures.rates.peak, 0.1)},
  };
  json["types"] = types_json(figures);
  json["latency_ms"] = latency_json(figures.latencies);
  json["partitions"] = partitions_json(status);
  json["targets"] = targets_json(report);
  if (!status.source.empty()) json["source"] = status.source;
  json["unfinished"] = {{"events", status.unfinished_events}, {"bytes", status.unfinished_bytes}};
  json["reading_paused"] = status.reading_paused;
  json["retries"] = by_code(figures.retries);
  json["last_events"] = last_events_json(figures);
  json["errors"] = by_code(figures.errors);
  return json;
}

Json status_json(std::span<const PipelineReport> reports, Timestamp time, microseconds uptime) {
  Json json = {
      {"version", 1}, {"time", to_text(time)}, {"uptime_s", static_cast<double>(uptime.count()) / 1e6}};
  json["pipelines"] = Json::array();
  for (const PipelineReport& report : reports) json["pipelines"].push_back(pipeline_json(report));
  return json;
}

std::string json_line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace sluice::engine
