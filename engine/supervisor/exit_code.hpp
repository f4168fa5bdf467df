// How the program ends. Scripts and supervisors rely on these numbers: they do not change.
// Those of pipelines are decided here, the commands of engine/app end with the same numbers.
#pragma once

#include "base/code.hpp"

namespace sluice::engine {

enum class ExitCode : int {
  fine = 0,
  usage = 2,
  configuration = 3,
  plugin_refused = 4,
  pipeline_failed = 5,
  breaker_open = 6,
  unfinished = 7,    // a forced stop with work unfinished
  check_failed = 8,  // what the command was asked to do or to check did not hold
};

// Of a pipeline that ended by an error of this code.
[[nodiscard]] constexpr ExitCode exit_code_of(Code code) noexcept {
  switch (code) {
    case Code::plugin_refused:
      return ExitCode::plugin_refused;
    case Code::configuration_invalid:
      return ExitCode::configuration;
    case Code::breaker_open:
      return ExitCode::breaker_open;
    default:
      return ExitCode::pipeline_failed;
  }
}

}  // namespace sluice::engine
