#include "decode/formats/outbox_router.hpp"

#include "decode/formats/row_source.hpp"
#include "decode/limits.hpp"
#include "decode/record_value.hpp"

namespace sluice::engine {

struct OutboxRouter::Attributes {
  Field id;
  Field type;
  Field created;
  Field payload;
  bool is_null = false;
};

std::span<const OptionSpec> OutboxRouter::options() {
  static const std::vector<OptionSpec> specs = with_limits({
      {.name = "type",
       .fallback = "eventType",
       .help = "Header, or else field of the envelope, with the event's type (the alias in "
               "table.fields.additional.placement)"},
      {.name = "id", .fallback = "id", .help = "Header, or else field of the envelope, with the event's id"},
      {.name = "created_at",
       .fallback = "createdAt",
       .help = "Header, or else field of the envelope, with the time the row was inserted"},
      {.name = "payload", .fallback = "payload", .help = "Field of the envelope with the payload"},
      {.name = "topic_prefix",
       .fallback = "outbox.event.",
       .help = "What precedes the aggregate's type in the topic (route.topic.replacement)"},
      {.name = "source",
       .fallback = "source",
       .help = "Header with the block `source` of Debezium's envelope, as HeaderFrom$Value copies it"},
      {.name = "repeated",
       .fallback = "pass_over",
       .help = "What becomes of a row that Debezium sends again after a crash: pass_over knows it by its "
               "place in the database's log, where there is a header with it; apply takes each record for an "
               "event of its own",
       .choices = {"pass_over", "apply"}},
  });
  return specs;
}

std::unique_ptr<Decoder> OutboxRouter::make(const Options& options) {
  return std::make_unique<OutboxRouter>(options);
}

OutboxRouter::OutboxRouter(const Options& options)
    : id_name_(options.text("id")),
      type_name_(options.text("type")),
      created_name_(options.text("created_at")),
      payload_name_(options.text("payload")),
      topic_prefix_(options.text("topic_prefix")),
      source_name_(options.text("source")),
      knows_repeated_(options.text("repeated") == "pass_over"),
      tokens_(envelope_limits(options)),
      id_text_(envelope_limits(options)),
      type_text_(envelope_limits(options)),
      created_text_(envelope_limits(options)),
      key_text_(envelope_limits(options)),
      source_tokens_(envelope_limits(options)),
      payload_(payload_limits(options)) {
  if (type_name_.empty() || payload_name_.empty())
    throw ConfigurationError("outbox_router: type and payload need a name");
}

Field OutboxRouter::from_header(const Record& record, std::string_view name, ConvertedText& text) {
  const auto header = find_header(record.headers, name);
  return header ? Field{Field::Kind::text, text.read(*header)} : Field{};
}

Result<Decoded> OutboxRouter::decode(const Record& record, Event& event) {
  payload_.clear();
  if (!record.value) return Decoded::passed_over;
  if (auto opened = open_value(record, wrapper_, tokens_); !opened) return opened.error();
  Attributes attributes;
  attributes.type = from_header(record, type_name_, type_text_);
  attributes.id = from_header(record, id_name_, id_text_);
  attributes.created = from_header(record, created_name_, created_text_);
  if (!read_value(!attributes.type.given(), attributes)) return tokens_.failure();
  return judge(attributes, record, event);
}

bool OutboxRouter::read_value(bool envelope, Attributes& attributes) {
  attributes.is_null = tokens_.token() == "null";
  if (envelope && tokens_.first() == '{') {
    if (!read_envelope(attributes)) return false;
  } else if (!take_field(tokens_, payload_name_, attributes.payload)) {
    return false;
  }
  return wrapper_.leave(tokens_);
}

bool OutboxRouter::read_envelope(Attributes& attributes) {
  Attributes found;
  tokens_.advance();
  bool more = !tokens_.take('}');
  while (more) {
    std::string_view name;
    if (!tokens_.take_name(name)) return false;
    Field other;
    Field& field = name == payload_name_   ? found.payload
                   : name == type_name_    ? found.type
                   : name == id_name_      ? found.id
                   : name == created_name_ ? found.created
                                           : other;
    if (!take_field(tokens_, name, field) || !tokens_.take_separator('}', more)) return false;
  }
  attributes.payload = found.payload;
  attributes.type = found.type;
  if (!attributes.id.given()) attributes.id = found.id;
  if (!attributes.created.given()) attributes.created = found.created;
  return true;
}

// A header that is no such block tells nothing.
std::optional<Origin> OutboxRouter::read_origin(const Record& record, std::string_view id) {
  const auto header = find_header(record.headers, source_name_);
  if (!header || !source_wrapper_.open(*header, source_tokens_)) return std::nullopt;
  RowSource source;
  if (!source.take(source_tokens_) || !source_wrapper_.leave(source_tokens_)) return std::nullopt;
  return source.origin(id);
}

Result<Decoded> OutboxRouter::judge(const Attributes& attributes, const Record& record, Event& event) {
  if (attributes.is_null) return Decoded::passed_over;
  event = Event{};
  event.record = &record;
  if (knows_repeated_ && attributes.id.given()) event.origin = read_origin(record, attributes.id.text);
  if (!attributes.type.given())
    return Error{
        Code::decode_missing_field,
        "the event's type is missing: there is neither a header nor a field of the envelope '" + type_name_ +
            "'; the connector gives it by table.fields.additional.placement=event_type:header:" + type_name_};
  if (attributes.payload.kind == Field::Kind::absent)
    return Error{Code::decode_missing_field, "the envelope's field '" + payload_name_ + "' is missing"};

  Error why;
  if (!read_name(attributes.type, "the event's type ('" + type_name_ + "')", true, event.type, why) ||
      !read_name(attributes.id, "the event's id", false, event.id, why) ||
      !read_time(attributes.created, "the time of creation", event.created, why))
    return why;
  if (record.key) event.aggregate_id = key_text_.read(*record.key);
  if (record.topic.starts_with(topic_prefix_))
    event.aggregate_type = record.topic.substr(topic_prefix_.size());
  if (record.timestamp_kind == TimestampKind::create)
    event.captured = record.timestamp;  // the router's ts_ms
  event.payload_json = payload_.set(attributes.payload);
  return Decoded::event;
}

}  // namespace sluice::engine
