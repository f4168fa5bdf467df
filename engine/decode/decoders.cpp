#include "decode/decoders.hpp"

#include <array>

#include "decode/formats/cloudevents.hpp"
#include "decode/formats/debezium_outbox.hpp"
#include "decode/formats/outbox_router.hpp"
#include "decode/formats/plain.hpp"
#include "decode/formats/row_headers.hpp"

namespace sluice::engine {

std::span<const DecoderSpec> decoders() {
  static const std::array specs{
      DecoderSpec{"debezium_outbox", "Debezium's change events of an outbox table, or its rows alone",
                  DebeziumOutbox::options(), DebeziumOutbox::make},
      DecoderSpec{"outbox_router", "What Debezium's outbox event router makes of an outbox table",
                  OutboxRouter::options(), OutboxRouter::make},
      DecoderSpec{"cloudevents", "CloudEvents 1.0, binary or structured, with data in JSON",
                  CloudEvents::options(), CloudEvents::make},
      DecoderSpec{"outbox_row", "Rows that a source reads from an outbox table itself, as sqlite does",
                  RowHeaders::options(), RowHeaders::make},
      DecoderSpec{"plain", "Any JSON: options say where type, id and payload stand", Plain::options(),
                  Plain::make},
  };
  return specs;
}

const DecoderSpec* find_decoder(std::string_view name) {
  for (const DecoderSpec& spec : decoders())
    if (spec.name == name) return &spec;
  return nullptr;
}

}  // namespace sluice::engine
