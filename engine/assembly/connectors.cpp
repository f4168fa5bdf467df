#include "assembly/connectors.hpp"

#include <algorithm>
#include <array>

#include "decode/decoders.hpp"
#include "discard/connector.hpp"
#include "file/connector.hpp"
#include "kafka/connector.hpp"
#include "memory/connector.hpp"
#include "mongodb/connector.hpp"
#include "sqlite/connector.hpp"

namespace sluice::engine {

std::span<const Connector* const> all_connectors() {
  static const std::array connectors{&discard::connector(), &file::connector(),    &kafka::connector(),
                                     &memory::connector(),  &mongodb::connector(), &sqlite::connector()};
  return connectors;
}

const Connector* find_connector(std::string_view name) {
  const auto all = all_connectors();
  const auto found = std::ranges::find(all, name, &Connector::name);
  return found == all.end() ? nullptr : *found;
}

Vocabulary vocabulary() {
  Vocabulary words;
  for (const Connector* connector : all_connectors()) {
    const auto add = [&](const auto& role, std::vector<VariantSpec>& to) {
      if (role) to.push_back({connector->name, role->help, role->options, role->decoder});
    };
    add(connector->source, words.sources);
    add(connector->store, words.stores);
    add(connector->dead_letters, words.dead_letters);
  }
  for (const DecoderSpec& decoder : decoders())
    words.decoders.push_back({decoder.name, decoder.help, decoder.options});
  return words;
}

}  // namespace sluice::engine
