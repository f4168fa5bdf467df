// Debezium's change events of an outbox table: the raw envelope ({before, after, source, op, ts_ms, …}), with
// or without the schema wrapper, or the row alone, as ExtractNewRecordState leaves it. Told apart record by
// record.
//
//   op c, r                   the row that was inserted (or read in a snapshot) is the event
//   op u                      an outbox row was updated: by on_update
//   op d, t, m                passed over, and so are tombstones, the value null, heartbeats and the records
//   of
//                             the topic of transactions
//
// The block `source` of an envelope tells where the row stands in the database's log: the event's origin, by
// which a row that is sent again is known.
//
// A row without an envelope tells its op by a field or header __op, if ExtractNewRecordState was told to add
// it; without, every row counts as inserted.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/event.hpp"
#include "core/options.hpp"
#include "decode/converted_text.hpp"
#include "decode/formats/envelope_form.hpp"
#include "decode/formats/outbox_row.hpp"
#include "decode/forms/usual_forms.hpp"
#include "decode/payload.hpp"
#include "decode/schema_wrapper.hpp"

namespace sluice::engine {

class DebeziumOutbox final : public Decoder {
 public:
  static std::span<const OptionSpec> options();
  static std::unique_ptr<Decoder> make(const Options& options);

  explicit DebeziumOutbox(const Options& options);
  Result<Decoded> decode(const Record& record, Event& event) override;
  Result<bson::View> payload() override { return payload_.document(); }

 private:
  // Named after Debezium's event router (table.op.invalid.behavior).
  enum class OnUpdate : std::uint8_t { warn, error, fatal };

  [[nodiscard]] Result<Decoded> judge(const Envelope& envelope, const Record& record, Event& event);
  [[nodiscard]] Result<Decoded> judge_op(std::string_view op, const OutboxRow& row, Event& event);
  [[nodiscard]] Result<Decoded> judge_update(const OutboxRow& row);

  OutboxColumns columns_;
  OnUpdate on_update_;
  std::uint64_t updates_passed_over_ = 0;
  JsonLimits limits_;
  JsonTokens tokens_;
  SchemaWrapper wrapper_;
  EnvelopeReader reader_;
  UsualForms<EnvelopeForm> usual_;
  ConvertedText header_;
  Payload payload_;
};

}  // namespace sluice::engine
