#include "top/status.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

namespace sluice::engine::top {
namespace {

using Json = nlohmann::ordered_json;

const Json& member(const Json& object, std::string_view name) {
  static const Json none;
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

std::string text(const Json& object, std::string_view name) {
  const Json& found = member(object, name);
  return found.is_string() ? found.get<std::string>() : std::string{};
}

double number(const Json& object, std::string_view name) {
  const Json& found = member(object, name);
  return found.is_number() ? found.get<double>() : 0;
}

// Numbers that cannot be counts are taken as none.
std::optional<std::uint64_t> known_count(const Json& object, std::string_view name) {
  const Json& found = member(object, name);
  if (found.is_number_unsigned()) return found.get<std::uint64_t>();
  return std::nullopt;
}
std::uint64_t count(const Json& object, std::string_view name) {
  return known_count(object, name).value_or(0);
}

bool flag(const Json& object, std::string_view name) {
  const Json& found = member(object, name);
  return found.is_boolean() && found.get<bool>();
}

// The elements of an array; of anything else there are none.
const Json& list(const Json& object, std::string_view name) {
  static const Json none = Json::array();
  const Json& found = member(object, name);
  return found.is_array() ? found : none;
}

std::optional<Latency> latency(const Json& stages, std::string_view name) {
  const Json& stage = member(stages, name);
  if (!stage.is_object()) return std::nullopt;
  return Latency{count(stage, "count"), number(stage, "p50"), number(stage, "p95"), number(stage, "p99"),
                 number(stage, "min"),  number(stage, "avg"), number(stage, "max")};
}

std::vector<TypeCount> types(const Json& pipeline) {
  std::vector<TypeCount> found;
  const Json& object = member(pipeline, "types");
  if (!object.is_object()) return found;
  for (const auto& [name, figures] : object.items())
    found.push_back({name, count(figures, "count"), count(figures, "dead_letters")});
  std::ranges::stable_sort(found, std::ranges::greater{}, &TypeCount::count);
  return found;
}

std::vector<CodeCount> codes(const Json& pipeline, std::string_view name) {
  std::vector<CodeCount> found;
  const Json& object = member(pipeline, name);
  if (!object.is_object()) return found;
  for (const auto& [code, times] : object.items())
    if (times.is_number_unsigned()) found.push_back({code, times.get<std::uint64_t>()});
  std::ranges::stable_sort(found, std::ranges::greater{}, &CodeCount::count);
  return found;
}

Partition partition(const Json& json) {
  Partition found{text(json, "topic") + "/" + std::to_string(count(json, "partition")),
                  count(json, "next"),
                  count(json, "safe"),
                  known_count(json, "lag"),
                  count(json, "unfinished"),
                  flag(json, "paused")};
  if (const auto end = known_count(json, "end"); end && !found.lag)
    found.lag = *end - std::min(found.safe, *end);
  return found;
}

Target target(const Json& json) {
  return {text(json, "name"),           count(json, "writers"),    count(json, "busy"),
          count(json, "queued"),        count(json, "in_flight"),  count(json, "waiting"),
          text(json, "retrying_since"), text(json, "retry_reason")};
}

LastEvent last_event(const Json& json) {
  std::string label = text(json, "label");
  if (label.empty()) label = text(json, "id");
  return {text(json, "type"), std::move(label),   text(json, "outcome"),
          text(json, "code"), text(json, "time"), number(json, "latency_ms")};
}

LastError last_error(const Json& json) {
  return {text(json, "code"), text(json, "reason"), text(json, "type"), text(json, "id"), text(json, "time")};
}

Obstacle waiting_for(const Json& json) {
  return {text(json, "collection") + "/" + text(json, "document"), text(json, "since"), text(json, "target")};
}

std::vector<Obstacle> retrying(const Json& pipeline) {
  std::vector<Obstacle> found;
  const Json& object = member(pipeline, "retrying");
  if (!object.is_object()) return found;
  for (const auto& [what, json] : object.items())
    if (json.is_object()) found.push_back({what, text(json, "since"), text(json, "reason")});
  return found;
}

Pipeline pipeline(const Json& json) {
  Pipeline found;
  found.id = text(json, "id");
  found.state = text(json, "state");
  found.reason = text(json, "reason");
  const Json& events = member(json, "events");
  found.applied = count(events, "applied");
  found.dead_letters = count(events, "dead_letters");
  found.ignored = count(events, "ignored");
  found.passed_over = count(events, "passed_over");
  found.repeated = count(events, "repeated");
  found.total = count(events, "total");
  const Json& rates = member(json, "rates");
  found.rate_now = number(rates, "now");
  found.rate_average = number(rates, "average");
  found.rate_peak = number(rates, "peak");
  found.types = types(json);
  const Json& latencies = member(json, "latency_ms");
  for (std::size_t i = 0; i < stage_names.size(); ++i) found.stages[i] = latency(latencies, stage_names[i]);
  found.latency = latency(latencies, "total");
  for (const Json& each : list(json, "partitions")) found.partitions.push_back(partition(each));
  for (const Json& each : list(json, "targets")) found.targets.push_back(target(each));
  const Json& unfinished = member(json, "unfinished");
  found.unfinished_events = count(unfinished, "events");
  found.unfinished_bytes = count(unfinished, "bytes");
  found.reading_paused = flag(json, "reading_paused");
  found.retries = codes(json, "retries");
  found.errors = codes(json, "errors");
  for (const Json& each : list(json, "last_events")) found.last_events.push_back(last_event(each));
  for (const Json& each : list(json, "last_errors")) found.last_errors.push_back(last_error(each));
  found.retrying = retrying(json);
  const Json& breaker = member(json, "breaker");
  found.breaker = {count(breaker, "letters"), count(breaker, "window"), number(breaker, "ratio")};
  for (const Json& each : list(json, "waiting")) found.waiting_for.push_back(waiting_for(each));
  for (const Json& each : list(json, "stalled"))
    if (std::string what = text(each, "text"); !what.empty()) found.stalled.push_back(std::move(what));
  return found;
}

}  // namespace

std::uint64_t Pipeline::lag() const {
  return std::accumulate(partitions.begin(), partitions.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Partition& each) { return sum + each.lag.value_or(0); });
}

std::uint64_t Pipeline::waiting() const {
  return std::accumulate(targets.begin(), targets.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Target& each) { return sum + each.waiting; });
}

std::uint64_t Status::total() const {
  return std::accumulate(pipelines.begin(), pipelines.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Pipeline& each) { return sum + each.total; });
}

bool Status::ended() const { return std::ranges::all_of(pipelines, &Pipeline::ended); }

Answer parse_status(std::string_view json) {
  const Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("pipelines"))
    return {std::nullopt, "what it answers is not the status of a sluice engine"};
  if (const std::uint64_t version = count(parsed, "version"); version != 1)
    return {std::nullopt,
            "its status is of version " + std::to_string(version) + ", this program reads version 1"};
  Status status{text(parsed, "time"), number(parsed, "uptime_s"), {}};
  for (const Json& each : list(parsed, "pipelines")) status.pipelines.push_back(pipeline(each));
  return {std::move(status), {}};
}

}  // namespace sluice::engine::top
