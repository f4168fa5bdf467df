// What a service manager is told of the process: a state, and a line for people. Pure.
#pragma once

#include <span>
#include <string>

#include "observe/readiness.hpp"
#include "supervisor/service_notifier.hpp"

namespace sluice::engine {

struct ServiceStanding {
  bool ending = false;     // it was asked to end
  bool reloading = false;  // a configuration is checked, or the process drains to begin anew with it
  std::string refusal{};   // why the last reload was refused; empty: it was not
};

// Ready as soon as no pipeline is starting any more. What fails or is out of reach later is told by the
// status, the log and /readyz: the service is started all the same.
[[nodiscard]] ServiceNotifier::State service_state(std::span<const NotReadyReason> reasons,
                                                   const ServiceStanding& standing);

// "running", or what is not as it should be: "activity: sqlite: the database is locked; …".
[[nodiscard]] std::string service_status(std::span<const NotReadyReason> reasons,
                                         const ServiceStanding& standing);

}  // namespace sluice::engine
