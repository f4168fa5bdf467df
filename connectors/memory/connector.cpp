#include "memory/connector.hpp"

#include "memory/dead_letters.hpp"
#include "memory/store.hpp"

namespace sluice::engine::memory {

const Connector& connector() {
  static const Connector connector{
      .name = "memory",
      .source = std::nullopt,
      .store = RoleSpec<Store>{{},
                               "documents in memory, gone with the process: for trying things",
                               [](const Options&, const ConnectorContext&) -> std::unique_ptr<Store> {
                                 return std::make_unique<MemoryStore>();
                               }},
      .dead_letters =
          RoleSpec<DeadLetters>{{},
                                "dead letters in memory, gone with the process: for trying things",
                                [](const Options&, const ConnectorContext&) -> std::unique_ptr<DeadLetters> {
                                  return std::make_unique<MemoryDeadLetters>();
                                }}};
  return connector;
}

}  // namespace sluice::engine::memory
