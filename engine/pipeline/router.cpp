#include "pipeline/router.hpp"

namespace sluice::engine {
namespace {

std::vector<std::uint16_t> narrow(const std::vector<std::size_t>& indexes) {
  return {indexes.begin(), indexes.end()};
}

}  // namespace

Router::Router(std::vector<Route> routes, Otherwise otherwise) : otherwise_(otherwise) {
  targets_.reserve(routes.size());  // any_ points into it
  for (const Route& route : routes) {
    targets_.push_back({narrow(route.handlers), narrow(route.sinks), route.ignore});
    if (route.types.empty()) {
      any_ = &targets_.back();
      return;  // what follows cannot be reached
    }
    for (const std::string& type : route.types) by_type_.try_emplace(type, targets_.size() - 1);
  }
}

const RouteTarget* Router::find(std::string_view type) const noexcept {
  const auto found = by_type_.find(type);
  return found == by_type_.end() ? any_ : &targets_[found->second];
}

}  // namespace sluice::engine
