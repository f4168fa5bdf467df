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
        {"lag", partition.lag() ? Json(*partition.lag()) : Json(nullptr)},
        {"unfinished", partition.unfinished},
        {"waiting", partition.waiting},
        {"paused", partition.paused},
        {"read", partition.read},
        {"handled", partition.handled},
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
    if (target.busy_since) json["busy_since"] = to_text(*target.busy_since);
    if (!target.last_reason.empty()) json["last_reason"] = target.last_reason;
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

Json last_errors_json(const Figures& figures) {
  Json errors = Json::array();
  for (const LastError& error : figures.last_errors)
    errors.push_back({{"code", to_text(error.code)},
                      {"reason", error.reason},
                      {"type", error.type},
                      {"id", error.id},
                      {"topic", error.topic},
                      {"partition", error.partition},
                      {"position", error.position.value},
                      {"time", to_text(error.time)}});
  return errors;
}

Json waiting_json(const PipelineStatus& status) {
  Json waiting = Json::array();
  for (const WaitingDocument& one : status.waiting)
    waiting.push_back({{"target", one.target},
                       {"collection", one.collection},
                       {"document", one.document},
                       {"event", one.event_id},
                       {"topic", one.partition.topic},
                       {"partition", one.partition.partition},
                       {"position", one.position.value},
                       {"since", to_text(one.since)}});
  return waiting;
}

Json stalled_json(const PipelineReport& report) {
  Json stalled = Json::array();
  for (const Stall& stall : report.stalls) {
    Json json = {{"kind", to_text(stall.kind)}};
    if (stall.kind == StallKind::writer) {
      json["target"] = stall.target;
      json["change"] = stall.change;
    } else {
      json["topic"] = stall.partition.topic;
      json["partition"] = stall.partition.partition;
      json["safe"] = stall.safe ? Json(stall.safe->value) : Json(nullptr);
    }
    json["since"] = to_text(stall.since);
    json["reason"] = stall.reason;
    json["text"] = stall.what();
    stalled.push_back(std::move(json));
  }
  return stalled;
}

Json retrying_json(const PipelineStatus& status) {
  Json json = Json::object();
  const auto add = [&json](const char* what, const std::optional<Retrying>& retrying) {
    if (retrying) json[what] = {{"since", to_text(retrying->since)}, {"reason", retrying->reason}};
  };
  add("start", status.start_retrying);
  add("source", status.source_retrying);
  add("dead_letters", status.dead_letters_retrying);
  return json;
}

Json breaker_json(const PipelineStatus& status) {
  const bool open = status.state == PipelineState::breaker_open;
  if (!status.breaker) return open ? Json{{"open", true}} : Json(nullptr);
  return {{"open", open},
          {"letters", status.breaker->letters},
          {"window", status.breaker->window},
          {"ratio", status.breaker->ratio}};
}

}  // namespace

Json pipeline_json(const PipelineReport& report) {
  const PipelineStatus& status = report.status;
  const Figures& figures = report.figures;
  const bool ended_badly =
      status.state == PipelineState::failed || status.state == PipelineState::breaker_open;
  Json json = {{"id", status.id}, {"state", to_text(status.state)}, {"reason", status.reason}};
  if (ended_badly) json["code"] = to_text(status.code);
  json["events"] = {
      {"applied", figures.applied},   {"dead_letters", figures.dead_letters},
      {"ignored", figures.ignored},   {"passed_over", figures.passed_over},
      {"repeated", figures.repeated}, {"total", figures.total()},
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
  json["last_errors"] = last_errors_json(figures);
  json["waiting"] = waiting_json(status);
  json["stalled"] = stalled_json(report);
  json["retrying"] = retrying_json(status);
  json["breaker"] = breaker_json(status);
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
