#include "mongodb/connector.hpp"

#include "mongodb/store.hpp"

namespace sluice::engine::mongodb {

const Connector& connector() {
  static const Connector connector{
      .name = "mongodb", .source = std::nullopt, .store = store_role(), .dead_letters = std::nullopt};
  return connector;
}

}  // namespace sluice::engine::mongodb
