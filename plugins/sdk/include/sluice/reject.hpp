// How a handler or sink refuses an event for good: throw it, the event becomes a dead letter with the reason.
//
//   if (age < 0) throw sluice::Reject("age is negative");
//
// Thrown by a constructor it refuses the options, and the pipeline does not start. Any other exception counts
// as a bug of the plugin.
#pragma once

#include <exception>
#include <string>
#include <utility>

namespace sluice {

class Reject : public std::exception {
 public:
  explicit Reject(std::string reason) : reason_(std::move(reason)) {}
  [[nodiscard]] const char* what() const noexcept override { return reason_.c_str(); }

 private:
  std::string reason_;
};

}  // namespace sluice
