#include "file/connector.hpp"

#include "file/dead_letters.hpp"
#include "file/source.hpp"

namespace sluice::engine::file {

const Connector& connector() {
  static const Connector connector{
      .name = "file", .source = source_role(), .store = std::nullopt, .dead_letters = dead_letters_role()};
  return connector;
}

}  // namespace sluice::engine::file
