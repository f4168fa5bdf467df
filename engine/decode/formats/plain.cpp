#include "decode/formats/plain.hpp"

#include <utility>

#include "decode/limits.hpp"
#include "decode/record_value.hpp"

namespace sluice::engine {
namespace {

constexpr std::array<std::string_view, 6> option_names{"type",         "id",         "aggregate_type",
                                                       "aggregate_id", "created_at", "payload"};

}  // namespace

std::span<const OptionSpec> Plain::options() {
  static const std::vector<OptionSpec> specs = with_limits({
      {.name = "type",
       .help =
           "Where the event's type stands: field:NAME, header:NAME, key, topic, or =TEXT for a fixed one"},
      {.name = "id",
       .fallback = "",
       .help = "Where the event's id stands: field:NAME, header:NAME or key; empty: nowhere"},
      {.name = "aggregate_type",
       .fallback = "topic",
       .help =
           "Where the aggregate's type stands: field:NAME, header:NAME, key, topic or =TEXT; empty: nowhere"},
      {.name = "aggregate_id",
       .fallback = "key",
       .help = "Where the aggregate's id stands: field:NAME, header:NAME or key; empty: nowhere"},
      {.name = "created_at",
       .fallback = "",
       .help = "Where the time of the event stands: field:NAME or header:NAME; empty: nowhere"},
      {.name = "payload", .fallback = "value", .help = "Where the payload stands: value or field:NAME"},
  });
  return specs;
}

std::unique_ptr<Decoder> Plain::make(const Options& options) { return std::make_unique<Plain>(options); }

Plain::Place Plain::Place::parse(std::string_view option, std::string_view text) {
  const auto named = [&](Kind found, std::string_view prefix, std::string_view what) {
    std::string rest(text.substr(prefix.size()));
    std::string told = std::string(what).append(" '").append(rest).append("'");
    return Place{found, std::move(rest), std::move(told)};
  };
  if (text.empty()) return {};
  if (text.starts_with("field:") && text.size() > 6) return named(Kind::field, "field:", "the field");
  if (text.starts_with("header:") && text.size() > 7) return named(Kind::header, "header:", "the header");
  if (text.starts_with("=")) return named(Kind::fixed, "=", "the fixed text");
  if (text == "key") return {Kind::key, {}, "the record's key"};
  if (text == "topic") return {Kind::topic, {}, "the topic"};
  if (text == "value") return {Kind::value, {}, "the value"};
  throw ConfigurationError("plain: " + std::string(option) + " is '" + std::string(text) +
                           "'; expected field:NAME, header:NAME, key, topic or =TEXT");
}

Plain::Plain(const Options& options) : tokens_(envelope_limits(options)), payload_(payload_limits(options)) {
  for (std::size_t i = 0; i < attributes; ++i) {
    places_[i] = Place::parse(option_names[i], options.text(option_names[i]));
    in_fields_ = in_fields_ || places_[i].kind == Place::Kind::field;
    texts_.emplace_back(envelope_limits(options));
    if ((places_[i].kind == Place::Kind::value) != (i == payload_text) &&
        places_[i].kind != Place::Kind::nowhere &&
        !(i == payload_text && places_[i].kind == Place::Kind::field))
      throw ConfigurationError("plain: " + std::string(option_names[i]) + " cannot stand at '" +
                               options.text(option_names[i]) + "'");
  }
  for (const Attribute needed : {type, payload_text})
    if (places_[needed].kind == Place::Kind::nowhere)
      throw ConfigurationError("plain: " + std::string(option_names[needed]) + " must not be empty");
}

Result<Decoded> Plain::decode(const Record& record, Event& event) {
  payload_.clear();
  if (!record.value) return Decoded::passed_over;
  if (auto opened = open_value(record, wrapper_, tokens_); !opened) return opened.error();
  Fields fields;
  if (!read_value(fields)) return tokens_.failure();
  read_places(record, fields);

  event = Event{};
  event.record = &record;
  Error why;
  if (!read_name(fields[type], places_[type].title, true, event.type, why) ||
      !read_name(fields[id], places_[id].title, places_[id].kind != Place::Kind::nowhere, event.id, why) ||
      !read_name(fields[aggregate_type], places_[aggregate_type].title, false, event.aggregate_type, why) ||
      !read_name(fields[aggregate_id], places_[aggregate_id].title, false, event.aggregate_id, why) ||
      !read_time(fields[created_at], places_[created_at].title, event.created, why))
    return why;
  if (fields[payload_text].kind == Field::Kind::absent)
    return Error{Code::decode_missing_field, places_[payload_text].title + " is missing"};
  event.payload_json = payload_.set(fields[payload_text]);
  return Decoded::event;
}

bool Plain::read_value(Fields& fields) {
  const JsonTokens::Mark start = tokens_.mark();
  Field value;
  if (!in_fields_) {
    if (!take_field(tokens_, "value", value)) return false;
  } else if (tokens_.first() == '{') {
    if (!read_members(fields)) return false;
    value = {Field::Kind::object, tokens_.text_since(start)};
  } else {
    std::string_view other;
    if (!tokens_.take_value(other)) return false;
    return tokens_.fail(Code::decode_unknown_envelope,
                        "the value is no object, but options name fields of it");
  }
  if (places_[payload_text].kind == Place::Kind::value) fields[payload_text] = value;
  return wrapper_.leave(tokens_);
}

bool Plain::read_members(Fields& fields) {
  tokens_.advance();
  bool more = !tokens_.take('}');
  while (more) {
    std::string_view name;
    if (!tokens_.take_name(name)) return false;
    Field value;
    if (!take_field(tokens_, name, value) || !tokens_.take_separator('}', more)) return false;
    for (std::size_t i = 0; i < attributes; ++i) {
      if (places_[i].kind != Place::Kind::field || places_[i].name != name) continue;
      if (fields[i].kind != Field::Kind::absent)
        return tokens_.fail(Code::decode_duplicate_key, "the name '" + std::string(name) + "' occurs twice");
      fields[i] = value;
    }
  }
  return true;
}

void Plain::read_places(const Record& record, Fields& fields) {
  for (std::size_t i = 0; i < attributes; ++i) {
    const Place& place = places_[i];
    switch (place.kind) {
      case Place::Kind::nowhere:
      case Place::Kind::field:
      case Place::Kind::value:
        break;
      case Place::Kind::header:
        if (const auto header = find_header(record.headers, place.name))
          fields[i] = {Field::Kind::text, texts_[i].read(*header)};
        break;
      case Place::Kind::key:
        if (record.key) fields[i] = {Field::Kind::text, texts_[i].read(*record.key)};
        break;
      case Place::Kind::topic:
        fields[i] = {Field::Kind::text, record.topic};
        break;
      case Place::Kind::fixed:
        fields[i] = {Field::Kind::text, place.name};
        break;
    }
  }
}

}  // namespace sluice::engine
