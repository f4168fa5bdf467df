#include "observe/readiness.hpp"

#include <nlohmann/json.hpp>

namespace sluice::engine {
namespace {

using Reasons = std::vector<NotReadyReason>;

void add_troubles(const PipelineReport& report, Reasons& reasons) {
  const PipelineStatus& status = report.status;
  if (status.source_retrying)
    reasons.push_back({NotReady::source_unreachable, status.id, status.source_retrying->reason,
                       status.source_retrying->since});
  for (const TargetStatus& target : status.targets)
    if (target.retrying_since)
      reasons.push_back({NotReady::store_retrying, status.id, target.name + ": " + target.retry_reason,
                         target.retrying_since});
  if (status.dead_letters_retrying)
    reasons.push_back({NotReady::dead_letters_unavailable, status.id, status.dead_letters_retrying->reason,
                       status.dead_letters_retrying->since});
  for (const Stall& stall : report.stalls) {
    std::string text = stall.what();
    if (!stall.reason.empty()) text += "; the last reason known: " + stall.reason;
    reasons.push_back({NotReady::stalled, status.id, std::move(text), stall.since});
  }
}

void add_reasons(const PipelineReport& report, Reasons& reasons) {
  const PipelineStatus& status = report.status;
  switch (status.state) {
    case PipelineState::starting: {
      std::optional<Timestamp> since;
      if (status.start_retrying) since = status.start_retrying->since;
      const std::string& why = status.reason;
      reasons.push_back({NotReady::starting, status.id, why.empty() ? "it is starting" : why, since});
      return;
    }
    case PipelineState::failed:
      reasons.push_back({NotReady::failed, status.id, status.reason, std::nullopt});
      return;
    case PipelineState::breaker_open:
      reasons.push_back({NotReady::breaker_open, status.id, status.reason, std::nullopt});
      return;
    case PipelineState::draining:
      reasons.push_back(
          {NotReady::draining, status.id, "it finishes what is in flight, then ends", std::nullopt});
      return add_troubles(report, reasons);
    case PipelineState::running:
      return add_troubles(report, reasons);
    case PipelineState::drained:
      return;
  }
}

}  // namespace

std::string_view to_text(NotReady why) noexcept {
  switch (why) {
    case NotReady::starting:
      return "starting";
    case NotReady::draining:
      return "draining";
    case NotReady::failed:
      return "failed";
    case NotReady::breaker_open:
      return "breaker_open";
    case NotReady::source_unreachable:
      return "source_unreachable";
    case NotReady::store_retrying:
      return "store_retrying";
    case NotReady::dead_letters_unavailable:
      return "dead_letters_unavailable";
    case NotReady::stalled:
      return "stalled";
  }
  return "";
}

Reasons readiness(std::span<const PipelineReport> reports) {
  Reasons reasons;
  for (const PipelineReport& report : reports) add_reasons(report, reasons);
  return reasons;
}

nlohmann::ordered_json readiness_json(std::span<const NotReadyReason> reasons) {
  nlohmann::ordered_json json = {{"ready", reasons.empty()}};
  json["reasons"] = nlohmann::ordered_json::array();
  for (const NotReadyReason& reason : reasons) {
    nlohmann::ordered_json one = {
        {"reason", to_text(reason.why)}, {"pipeline", reason.pipeline}, {"text", reason.text}};
    if (reason.since) one["since"] = to_text(*reason.since);
    json["reasons"].push_back(std::move(one));
  }
  return json;
}

}  // namespace sluice::engine
