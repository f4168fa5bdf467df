#include "decode/formats/debezium_outbox.hpp"

#include <spdlog/spdlog.h>

#include "base/word.hpp"
#include "decode/limits.hpp"
#include "decode/record_value.hpp"

namespace sluice::engine {
namespace {

constexpr std::string_view heartbeat_topics = "__debezium-heartbeat";

// Of envelopes: rows that are inserted, updated, deleted, read in a snapshot.
constexpr std::size_t known_forms = 4;

bool is_heartbeat(const Record& record) noexcept { return record.topic.starts_with(heartbeat_topics); }

}  // namespace

std::span<const OptionSpec> DebeziumOutbox::options() {
  static const std::vector<OptionSpec> specs = with_limits({
      {.name = "event_id",
       .fallback = "event_id",
       .help = "Column with the event's id; empty: the table has none"},
      {.name = "aggregate_type",
       .fallback = "aggregate_type",
       .help = "Column with the kind of thing that the event is about"},
      {.name = "aggregate_id", .fallback = "aggregate_id", .help = "Column with the id of that thing"},
      {.name = "event_type",
       .fallback = "event_type",
       .help = "Column with the event's type, which routes go by"},
      {.name = "payload",
       .fallback = "payload",
       .help = "Column with the payload: JSON as a text (jsonb) or as an object"},
      {.name = "created_at",
       .fallback = "created_at",
       .help = "Column with the time the row was inserted; empty: the table has none"},
      {.name = "on_update",
       .fallback = "warn",
       .help = "What an update of a row becomes: warn passes it over and says so in the log, the first time "
               "and every thousandth, error makes it a dead "
               "letter, fatal stops the pipeline",
       .choices = {"warn", "error", "fatal"}},
      {.name = "repeated",
       .fallback = "pass_over",
       .help = "What becomes of a row that Debezium sends again after a crash: pass_over knows it by its "
               "place in the database's log, apply takes each record for an event of its own",
       .choices = {"pass_over", "apply"}},
  });
  return specs;
}

std::unique_ptr<Decoder> DebeziumOutbox::make(const Options& options) {
  return std::make_unique<DebeziumOutbox>(options);
}

DebeziumOutbox::DebeziumOutbox(const Options& options)
    : columns_(options),
      on_update_(options.text("on_update") == "warn"    ? OnUpdate::warn
                 : options.text("on_update") == "error" ? OnUpdate::error
                                                        : OnUpdate::fatal),
      limits_(envelope_limits(options)),
      tokens_(limits_),
      reader_(columns_, options.text("repeated") == "pass_over"),
      usual_(known_forms, limits_.bytes),
      header_(envelope_limits(options)),
      payload_(payload_limits(options)) {}

Result<Decoded> DebeziumOutbox::decode(const Record& record, Event& event) {
  payload_.clear();
  if (!record.value || is_heartbeat(record)) return Decoded::passed_over;
  if (const EnvelopeForm* form = usual_.read(*record.value)) return judge(form->envelope, record, event);

  if (auto opened = open_value(record, wrapper_, tokens_); !opened) return opened.error();
  const std::size_t begin = tokens_.place();
  Envelope envelope;
  if (!reader_.read(tokens_, envelope) || !wrapper_.leave(tokens_)) return tokens_.failure();
  if (usual_.wants(*record.value)) usual_.learn(EnvelopeForm::make(*record.value, begin, reader_, limits_));
  return judge(envelope, record, event);
}

Result<Decoded> DebeziumOutbox::judge(const Envelope& envelope, const Record& record, Event& event) {
  if (envelope.is_null) return Decoded::passed_over;
  event = Event{};
  event.record = &record;

  if (envelope.op.given()) {
    if (envelope.op.kind != Field::Kind::text)
      return Error{Code::decode_bad_field, "the field 'op' is not a text"};
    Error why;
    const Field& captured = envelope.ts_us.given() ? envelope.ts_us : envelope.ts_ms;
    const std::string_view what = envelope.ts_us.given() ? "the field 'ts_us'" : "the field 'ts_ms'";
    if (!read_time(captured, what, event.captured, why)) return why;
    const bool inserted = is(envelope.op.text, "c") || is(envelope.op.text, "r");
    if (inserted && !envelope.has_after)
      return Error{Code::decode_missing_field,
                   "the envelope says that a row was inserted, but 'after' holds none"};
    if (const Field& id = envelope.row.event_id; is(envelope.op.text, "c") && id.given())
      event.origin = envelope.source.origin(id.text);
    return judge_op(envelope.op.text, envelope.row, event);
  }
  if (envelope.has_after) return Error{Code::decode_missing_field, "the envelope's field 'op' is missing"};
  if (!envelope.has_flat_row) {
    const bool transaction = envelope.status.given() && envelope.event_count.kind != Field::Kind::absent;
    const bool heartbeat = envelope.ts_ms.given() && envelope.members == 1;
    if (transaction || heartbeat) return Decoded::passed_over;
    return Error{
        Code::decode_unknown_envelope,
        "the value is neither Debezium's envelope ('op', 'after') nor a row of the outbox: it has none of "
        "the columns that the decoder's options name"};
  }

  if (envelope.flat_deleted.is_text("true") || envelope.flat_deleted.text == "true")
    return Decoded::passed_over;
  Error why;
  if (!read_time(envelope.flat_ts_ms, "the field '__ts_ms'", event.captured, why)) return why;
  std::string_view op = "c";
  if (envelope.flat_op.kind == Field::Kind::text) {
    op = envelope.flat_op.text;
  } else if (const auto header = find_header(record.headers, "__op")) {
    op = header_.read(*header);
  }
  return judge_op(op, envelope.flat_row, event);
}

Result<Decoded> DebeziumOutbox::judge_op(std::string_view op, const OutboxRow& row, Event& event) {
  if (is(op, "c") || is(op, "r")) {
    Error why;
    if (!columns_.read(row, event, why)) return why;
    event.payload_json = payload_.set(row.payload);
    return Decoded::event;
  }
  if (is(op, "u")) return judge_update(row);
  if (is(op, "d") || is(op, "t") || is(op, "m")) return Decoded::passed_over;
  return Error{Code::decode_unknown_envelope, "the field 'op' is '" + std::string(op.substr(0, 20)) +
                                                  "', none of Debezium's c, r, u, d, t, m"};
}

Result<Decoded> DebeziumOutbox::judge_update(const OutboxRow& row) {
  std::string reason = "the outbox row '" + std::string(row.event_id.text);
  reason += "' was updated; rows of an outbox are only inserted and deleted";
  if (on_update_ == OnUpdate::warn) {
    constexpr std::uint64_t interval = 1000;  // a program that updates rows updates many
    if (updates_passed_over_++ % interval == 0) spdlog::warn("{}: passed over (on_update: warn)", reason);
    return Decoded::passed_over;
  }
  if (on_update_ == OnUpdate::error) return Error{Code::decode_row_updated, reason};
  return Error{Code::source_fatal, reason + " (on_update: fatal)"};
}

}  // namespace sluice::engine
