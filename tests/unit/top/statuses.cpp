#include "statuses.hpp"

#include <cmath>

namespace sluice::engine::top {
namespace {

Json latency(std::uint64_t count, double p50) {
  return {{"count", count},   {"p50", p50},       {"p95", p50 * 2.5}, {"p99", p50 * 4},
          {"min", p50 * 0.3}, {"avg", p50 * 1.2}, {"max", p50 * 20}};
}

Json partition(const std::string& topic, int number, std::uint64_t safe, std::uint64_t lag) {
  return {{"topic", topic},    {"partition", number}, {"next", safe + 25},   {"safe", safe},
          {"end", safe + lag}, {"unfinished", 25},    {"paused", lag > 2000}};
}

Json target(const std::string& name, int busy, int queued, int waiting) {
  return {{"name", name},      {"writers", 4}, {"busy", busy}, {"queued", queued}, {"in_flight", busy * 250},
          {"waiting", waiting}};
}

Json event(const std::string& type, const std::string& id, const std::string& second) {
  return {{"type", type},
          {"id", id},
          {"outcome", "applied"},
          {"latency_ms", 1.482},
          {"time", "2026-11-21T08:00:" + second + "Z"}};
}

constexpr const char* topic = "postgres.activity.event_outbox";

}  // namespace

Json busy_pipeline() {
  Json json = {{"id", "activity"}, {"state", "running"}, {"reason", ""}};
  json["events"] = {
      {"applied", 612340}, {"dead_letters", 0}, {"ignored", 0}, {"passed_over", 0}, {"total", 612340}};
  json["rates"] = {{"now", 11873.0}, {"average", 10412.4}, {"peak", 13001.0}};
  json["types"] = {{"ActivityCreated", {{"count", 183702}, {"dead_letters", 0}}},
                   {"UserCreated", {{"count", 306170}, {"dead_letters", 0}}},
                   {"ParticipantJoined", {{"count", 122468}, {"dead_letters", 0}}}};
  json["latency_ms"] = {{"capture", latency(612340, 4.2)},
                        {"delivery", latency(612340, 1.1)},
                        {"lag", latency(612340, 2.3)},
                        {"processing", latency(612340, 1.9)},
                        {"total", latency(612340, 9.7)}};
  json["partitions"] = {partition(topic, 0, 612340, 1284)};
  json["targets"] = {target("mongodb", 3, 412, 0)};
  json["unfinished"] = {{"events", 1162}, {"bytes", 1394400}};
  json["reading_paused"] = false;
  json["retries"] = Json::object();
  json["last_events"] = {event("ParticipantJoined", "Board Games - South Ashlee", "00.912345"),
                         event("UserCreated", "0c5c7fd0-a6a3-4450-a513-270e269e0d37", "00.911873"),
                         event("ActivityCreated", "Chess - Lake Mary", "00.911802"),
                         event("UserCreated", "anna_rivera_991", "00.911744"),
                         event("UserCreated", "omar_novak_17", "00.911701")};
  json["errors"] = Json::object();
  return json;
}

Json troubled_pipeline() {
  Json json = busy_pipeline();
  json["id"] = "mail";
  json["events"] = {{"applied", 9000},  {"dead_letters", 171}, {"ignored", 12},
                    {"passed_over", 3}, {"repeated", 4},       {"total", 9190}};
  json["targets"] = {target("mongodb", 1, 2000, 17), target("notify.webhook", 4, 31337, 0)};
  json["targets"][0]["retrying_since"] = "2026-11-21T07:58:13.000000Z";
  json["targets"][0]["retry_reason"] =
      "no primary: 10.0.0.7:27017 refuses connections, 10.0.0.8:27017 is a secondary";
  json["reading_paused"] = true;
  json["retries"] = {{"store.unavailable", 4412}, {"sink.unavailable", 12}};
  json["errors"] = {{"handler.rejected", 161}, {"decode.not_json", 10}};
  json["last_errors"] = {{{"code", "handler.rejected"},
                          {"reason", "no email"},
                          {"type", "UserCreated"},
                          {"id", "0c5c7fd0"},
                          {"time", "2026-11-21T08:00:00.1Z"}}};
  json["breaker"] = {{"open", false}, {"letters", 12}, {"window", 1000}, {"ratio", 0.05}};
  json["stalled"] = {{{"kind", "partition"},
                      {"text", "partition postgres.activity.event_outbox/0 at 9186, since 07:58:13"}}};
  json["retrying"] = {{"dead_letters", {{"since", "2026-11-21T07:59:00Z"}, {"reason", "the disk is full"}}}};
  json["waiting"] = {{{"collection", "activities"}, {"document", "a-17"}, {"since", "2026-11-21T07:59:30Z"}}};
  json["last_events"][1]["outcome"] = "dead_letter";
  json["last_events"][1]["code"] = "handler.rejected";
  json["types"]["UserCreated"]["dead_letters"] = 171;
  return json;
}

Json pipeline_with_partitions(int count) {
  Json json = busy_pipeline();
  json["partitions"] = Json::array();
  for (int i = 0; i < count; ++i)
    json["partitions"].push_back(
        partition(topic, i, 1'000'000 + static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(i * i)));
  return json;
}

Json hostile_pipeline() {
  Json json = busy_pipeline();
  json["id"] =
      "a\033[2Jpipeline with\na name that is much longer than any screen is wide, on and on and on and on";
  json["reason"] = std::string("broken\r\n\033]0;title\a bytes: \xff\xfe and \u202e\u200b") + "\U0001F600";
  json["types"] = {{"\t\xc3\x28", {{"count", 3}}},
                   {"活動が作成されました", {{"count", 2}}},
                   {std::string(300, 'T'), {{"count", 1}}}};
  json["last_events"] = {
      event("活動が作成されました", "ボードゲーム大会（南アシュリー）、毎週土曜日の午後", "00.912345"),
      event("\033[31m",
            "\x9b"
            "31m\u0301\u00ad",
            "nonsense\n"),
      event("", "", "")};
  json["partitions"][0]["topic"] = std::string(500, 'p');
  json["targets"][0]["name"] = "データベース\u0007";
  return json;
}

Json status_of(std::vector<Json> pipelines) {
  return {{"version", 1},
          {"time", "2026-11-21T08:00:01.250000Z"},
          {"uptime_s", 3723.5},
          {"pipelines", std::move(pipelines)}};
}

Model model_of(const Json& status, ModelSettings settings, int samples) {
  Model model(std::move(settings));
  const Timestamp now = *parse_timestamp("2026-11-21T08:00:01.250000Z");
  for (int i = samples; i-- > 0;) {
    Json earlier = status;
    if (i > 0) earlier["time"] = "sample " + std::to_string(i);
    for (Json& pipeline : earlier["pipelines"]) {
      if (i == 0 || !pipeline.contains("rates")) continue;
      pipeline["rates"]["now"] = 6000 + 5500 * std::sin(i / 5.0);
      pipeline["latency_ms"]["total"]["count"] = 612340 - i * 6000;
      pipeline["latency_ms"]["total"]["avg"] = 11.64 + i / 100.0;
    }
    model.take(parse_status(earlier.dump(-1, ' ', false, Json::error_handler_t::ignore)), now);
  }
  return model;
}

}  // namespace sluice::engine::top
