#include "admin/pages.hpp"

#include <nlohmann/json.hpp>

#include "observe/prometheus.hpp"
#include "observe/readiness.hpp"
#include "observe/status_json.hpp"

namespace sluice::engine {
namespace {

constexpr int ok = 200;
constexpr int unavailable = 503;

Answer answer_of(const nlohmann::ordered_json& json, int status = ok) {
  return {json_line(json) + '\n', status};
}

Answer livez(const StatusBoard& board, const Clock& clock) {
  const auto snapshot = board.latest();
  const bool alive = snapshot && clock.now() - snapshot->taken < alive_within;
  return answer_of({{"alive", alive}}, alive ? ok : unavailable);
}

Answer readyz(const StatusBoard& board) {
  std::vector<NotReadyReason> reasons;
  if (const auto snapshot = board.latest()) {
    reasons = readiness(snapshot->reports);
    if (snapshot->draining && reasons.empty())
      reasons.push_back({NotReady::draining, "", "the engine was asked to end", std::nullopt});
  } else {
    reasons.push_back({NotReady::starting, "", "the engine is starting", std::nullopt});
  }
  return answer_of(readiness_json(reasons), reasons.empty() ? ok : unavailable);
}

Answer status(const StatusBoard& board) {
  const auto snapshot = board.latest();
  if (!snapshot) return answer_of({{"error", "the engine is starting"}}, unavailable);
  return answer_of(status_json(snapshot->reports, snapshot->time, snapshot->uptime));
}

Answer metrics(const StatusBoard& board, const std::string& version) {
  const auto snapshot = board.latest();
  const std::span<const PipelineReport> reports =
      snapshot ? std::span(snapshot->reports) : std::span<const PipelineReport>();
  return {prometheus_text(reports, version, process_figures())};
}

}  // namespace

std::vector<Page> engine_pages(const StatusBoard& board, const Clock& clock, std::string_view version) {
  return {
      {"/livez", json_type, [&board, &clock] { return livez(board, clock); }},
      {"/readyz", json_type, [&board] { return readyz(board); }},
      {"/status", json_type, [&board] { return status(board); }},
      {"/metrics", std::string(prometheus_content_type),
       [&board, version = std::string(version)] { return metrics(board, version); }},
  };
}

}  // namespace sluice::engine
