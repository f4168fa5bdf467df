// Debezium's envelope {before, after, source, op, ts_ms, …}, or a row without one, its members as they came.
#pragma once

#include <cstddef>
#include <string_view>

#include "decode/field.hpp"
#include "decode/formats/outbox_row.hpp"
#include "decode/formats/row_source.hpp"
#include "json/tokens.hpp"

namespace sluice::engine {

struct Envelope {
  bool is_null = false;
  std::size_t members = 0;
  Field op;
  Field ts_ms;
  Field ts_us;
  bool has_after = false;
  OutboxRow row;  // of `after`
  RowSource source;

  bool has_flat_row = false;
  OutboxRow flat_row;  // of the outermost object, when there is no envelope
  Field flat_op;       // __op
  Field flat_deleted;  // __deleted
  Field flat_ts_ms;    // __ts_ms

  Field status;  // of a record of the topic of transactions, with event_count
  Field event_count;

  // The outermost object's member of that name, but for the row's columns; or null.
  [[nodiscard]] Field* find(std::string_view name) noexcept;
  // Every field but those of the source.
  template <class Visit>
  void each_field(Visit visit) {
    row.each_field(visit);
    flat_row.each_field(visit);
    for (Field* field : {&op, &ts_ms, &ts_us, &flat_op, &flat_deleted, &flat_ts_ms, &status, &event_count})
      visit(*field);
  }
};

// One thread at a time.
class EnvelopeReader {
 public:
  // The block `source` is passed over where nobody asks for it.
  EnvelopeReader(OutboxColumns& columns, bool with_source) : columns_(columns), with_source_(with_source) {}

  // Takes the value at hand. False: it is no envelope, and the tokens' failure() tells why.
  [[nodiscard]] bool read(JsonTokens& tokens, Envelope& envelope);

 private:
  [[nodiscard]] bool read_members(JsonTokens& tokens, Envelope& envelope);
  [[nodiscard]] bool read_after(JsonTokens& tokens, Envelope& envelope);

  OutboxColumns& columns_;
  bool with_source_;
};

}  // namespace sluice::engine
