#include "kafka/statistics.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sluice::engine::kafka {
namespace {

using Json = nlohmann::json;

double number(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

const Json& member(const Json& object, const char* name) {
  static const Json none = Json::object();
  const auto found = object.find(name);
  return found != object.end() && found->is_object() ? *found : none;
}

}  // namespace

SourceFigures read_statistics(std::string_view json) {
  const Json all = Json::parse(json, nullptr, false);
  if (!all.is_object()) return {};
  SourceFigures figures{{"brokers", 0},
                        {"brokers_up", 0},
                        {"round_trip_ms", 0},
                        {"queued_records", 0},
                        {"queued_bytes", 0},
                        {"received_records", number(all, "rxmsgs")},
                        {"received_bytes", number(all, "rxmsg_bytes")},
                        {"rebalances", number(member(all, "cgrp"), "rebalance_cnt")}};
  for (const Json& broker : member(all, "brokers")) {
    if (!broker.is_object() || number(broker, "nodeid") < 0)
      continue;  // the group's coordinator is one of them
    ++figures["brokers"];
    if (broker.value("state", "") == "UP") ++figures["brokers_up"];
    const double round_trip = number(member(broker, "rtt"), "avg") / 1000;
    figures["round_trip_ms"] = std::max(figures["round_trip_ms"], round_trip);
  }
  for (const Json& topic : member(all, "topics"))
    for (const Json& partition : member(topic, "partitions")) {
      figures["queued_records"] += number(partition, "fetchq_cnt");
      figures["queued_bytes"] += number(partition, "fetchq_size");
    }
  return figures;
}

}  // namespace sluice::engine::kafka
