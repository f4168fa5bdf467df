#include "sqlite/connector.hpp"

#include "sqlite/dead_letters.hpp"
#include "sqlite/source.hpp"
#include "sqlite/store.hpp"

namespace sluice::engine::sqlite {

const Connector& connector() {
  static const Connector connector{
      .name = "sqlite", .source = source_role(), .store = store_role(), .dead_letters = dead_letters_role()};
  return connector;
}

}  // namespace sluice::engine::sqlite
