// How a command ends that cannot go on.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "supervisor/exit_code.hpp"

namespace sluice::engine {

// Ends a command with a message for the person at the terminal.
class CommandFailed : public std::runtime_error {
 public:
  CommandFailed(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ExitCode code() const noexcept { return code_; }

 private:
  ExitCode code_;
};

// The value, or the error as CommandFailed(check_failed).
template <class T>
[[nodiscard]] T must(Result<T> result) {
  if (!result) throw CommandFailed(ExitCode::check_failed, result.error().message);
  return std::move(*result);
}
inline void must(const Result<void>& result) {
  if (!result) throw CommandFailed(ExitCode::check_failed, result.error().message);
}

}  // namespace sluice::engine
