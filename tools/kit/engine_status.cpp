#include "kit/engine_status.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

namespace sluice::kit {
namespace {

using nlohmann::json;

json member(const json& object, const char* name) {
  return object.is_object() ? object.value(name, json()) : json();
}

template <typename T>
T value(const json& object, const char* name) {
  const json found = member(object, name);
  if constexpr (std::is_same_v<T, std::string>)
    return found.is_string() ? found.get<T>() : T{};
  else
    return found.is_number() ? found.get<T>() : T{};
}

EngineStatus status_from(const json& file, const json& pipeline) {
  EngineStatus status;
  status.pipeline = value<std::string>(pipeline, "id");
  status.state = value<std::string>(pipeline, "state");
  status.reason = value<std::string>(pipeline, "reason");
  status.uptime_s = value<double>(file, "uptime_s");

  const json events = member(pipeline, "events");
  status.applied = value<std::uint64_t>(events, "applied");
  status.dead_letters = value<std::uint64_t>(events, "dead_letters");
  status.settled = value<std::uint64_t>(events, "total");

  const json rates = member(pipeline, "rates");
  status.rates = {value<double>(rates, "now"), value<double>(rates, "average"), value<double>(rates, "peak")};
  if (const json total = member(member(pipeline, "latency_ms"), "total"); total.is_object())
    status.latency = {value<double>(total, "p50"), value<double>(total, "p95"), value<double>(total, "p99"),
                      value<double>(total, "min"), value<double>(total, "avg"), value<double>(total, "max")};

  const json types = member(pipeline, "types");
  for (const auto& [type, figures] : types.items())
    status.types[type] = value<std::uint64_t>(figures, "count");
  for (const json& event : member(pipeline, "last_events"))
    status.last_events.push_back({value<std::string>(event, "type"), value<std::string>(event, "id"),
                                  value<double>(event, "latency_ms"), value<std::string>(event, "time")});
  return status;
}

}  // namespace

std::optional<EngineStatus> read_engine_status(const std::filesystem::path& file) {
  std::ifstream in(file);
  const json parsed = json::parse(in, nullptr, false);
  const json pipelines = member(parsed, "pipelines");
  if (!pipelines.is_array() || pipelines.empty()) return std::nullopt;
  return status_from(parsed, pipelines.front());
}

}  // namespace sluice::kit
