// Which handlers and sinks an event type goes to: the first route that has the type.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pipeline/pipeline.hpp"

namespace sluice::engine {

struct RouteTarget {
  std::vector<std::uint16_t> handlers;
  std::vector<std::uint16_t> sinks;
  bool ignore = false;
};

// Immutable once made: any thread.
class Router {
 public:
  Router(std::vector<Route> routes, Otherwise otherwise);

  // Nothing when no route has the type: then otherwise() says what to do.
  [[nodiscard]] const RouteTarget* find(std::string_view type) const noexcept;
  [[nodiscard]] Otherwise otherwise() const noexcept { return otherwise_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> by_type_;
  std::vector<RouteTarget> targets_;
  const RouteTarget* any_ = nullptr;
  Otherwise otherwise_;
};

}  // namespace sluice::engine
