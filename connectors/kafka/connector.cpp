#include "kafka/connector.hpp"

#include "kafka/dead_letters.hpp"
#include "kafka/source.hpp"

namespace sluice::engine::kafka {

const Connector& connector() {
  static const Connector connector{
      .name = "kafka", .source = source_role(), .store = std::nullopt, .dead_letters = dead_letters_role()};
  return connector;
}

}  // namespace sluice::engine::kafka
