#include "supervisor/service_standing.hpp"

#include <algorithm>

namespace sluice::engine {

ServiceNotifier::State service_state(std::span<const NotReadyReason> reasons,
                                     const ServiceStanding& standing) {
  using enum ServiceNotifier::State;
  if (standing.ending) return stopping;
  if (standing.reloading) return reloading;
  const auto starts = [](const NotReadyReason& reason) { return reason.why == NotReady::starting; };
  return std::ranges::any_of(reasons, starts) ? starting : ready;
}

std::string service_status(std::span<const NotReadyReason> reasons, const ServiceStanding& standing) {
  std::string text;
  if (!standing.refusal.empty()) text = "the last reload was refused: " + standing.refusal;
  for (const NotReadyReason& reason : reasons) {
    if (!text.empty()) text += "; ";
    text += reason.pipeline + ": " + reason.text;
  }
  return text.empty() ? "running" : text;
}

}  // namespace sluice::engine
