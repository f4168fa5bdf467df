#include "sqlite/connector.hpp"

#include "sqlite/source.hpp"

namespace sluice::engine::sqlite {

const Connector& connector() {
  static const Connector connector{
      .name = "sqlite", .source = source_role(), .store = std::nullopt, .dead_letters = std::nullopt};
  return connector;
}

}  // namespace sluice::engine::sqlite
