// Where a status comes from: the admin endpoint of an engine, or the file of `sluice run --status-file`.
#pragma once

#include <memory>
#include <string>

#include "top/status.hpp"

namespace sluice::engine::top {

// Used by one thread at a time; an answer may take some seconds, never longer.
class StatusSource {
 public:
  virtual ~StatusSource() = default;
  // For people: an address without its secrets, or a path.
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  [[nodiscard]] virtual Answer ask() = 0;
};

// A place is a URL, "http://127.0.0.1:8083", or a file. The token is sent as a bearer's, to URLs only. Throws
// std::invalid_argument where the place cannot be a status's.
[[nodiscard]] std::unique_ptr<StatusSource> open_source(const std::string& place, const std::string& token);

}  // namespace sluice::engine::top
