#include "discard/connector.hpp"

#include "discard/store.hpp"

namespace sluice::engine::discard {

const Connector& connector() {
  static const Connector connector{
      .name = "discard",
      .source = std::nullopt,
      .store = RoleSpec<Store>{{},
                               "takes every change and keeps none: for measuring",
                               [](const Options&, const ConnectorContext&) -> std::unique_ptr<Store> {
                                 return std::make_unique<DiscardStore>();
                               }},
      .dead_letters = std::nullopt};
  return connector;
}

}  // namespace sluice::engine::discard
