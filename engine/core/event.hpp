// What a decoder makes of a record, and the interfaces of decoders.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "core/origin.hpp"
#include "core/record.hpp"
#include "sluice/bson.hpp"

namespace sluice::engine {

// Borrowed from the record and from the decoder that made it: valid until the decoder's next record.
struct Event {
  std::string_view id;                // the outbox row's event id; may be empty
  std::string_view type;              // never empty
  std::string_view aggregate_type;    // may be empty
  std::string_view aggregate_id;      // may be empty
  std::optional<Timestamp> created;   // T0, when the row was inserted
  std::optional<Timestamp> captured;  // T1, when change capture saw it
  std::string_view payload_json;      // the payload's text as it came (unescaped where it was a string)
  // Of a row from a database's log, where the envelope tells it; set also with a refusal, if it is known by
  // then.
  std::optional<Origin> origin;
  const Record* record = nullptr;
};

enum class Decoded : std::uint8_t {
  event,
  passed_over,  // belongs to the format and means nothing: a tombstone, a delete, a heartbeat
};

// One instance for each worker thread; no locks. Pure: the same record gives the same event.
class Decoder {
 public:
  virtual ~Decoder() = default;
  // Fills the event, or says that the record is none, or why it is refused (a decode.* code). source.fatal:
  // the pipeline is to stop at this record.
  [[nodiscard]] virtual Result<Decoded> decode(const Record& record, Event& event) = 0;
  // The payload of the event just decoded, as a document; made at the first call. A payload that is no JSON
  // object, or breaks a limit, is refused. Valid until the next decode().
  [[nodiscard]] virtual Result<bson::View> payload() = 0;
};

}  // namespace sluice::engine
