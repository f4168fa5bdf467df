#include "kafka/connector.hpp"

#include "kafka/source.hpp"

namespace sluice::engine::kafka {

const Connector& connector() {
  static const Connector connector{
      .name = "kafka", .source = source_role(), .store = std::nullopt, .dead_letters = std::nullopt};
  return connector;
}

}  // namespace sluice::engine::kafka
