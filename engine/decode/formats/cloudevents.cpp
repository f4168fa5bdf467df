#include "decode/formats/cloudevents.hpp"

#include <algorithm>
#include <cctype>

#include "base/base64.hpp"
#include "decode/limits.hpp"
#include "decode/record_value.hpp"

namespace sluice::engine {
namespace {

constexpr std::string_view header_prefix = "ce_";

bool same_letter(char a, char b) noexcept {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

bool begins_with(std::string_view text, std::string_view start) noexcept {
  return text.size() >= start.size() && std::equal(start.begin(), start.end(), text.begin(), same_letter);
}

// The media type alone, without its parameters: "application/json; charset=utf-8".
std::string_view media_type(std::string_view text) noexcept {
  text = text.substr(0, text.find(';'));
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool same_text(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && begins_with(a, b);
}

// application/json, text/json, application/anything+json; absent is JSON.
bool is_json(std::string_view content_type) noexcept {
  const std::string_view type = media_type(content_type);
  if (type.empty() || same_text(type, "application/json") || same_text(type, "text/json")) return true;
  constexpr std::string_view suffix = "+json";
  return type.size() > suffix.size() && same_text(type.substr(type.size() - suffix.size()), suffix);
}

}  // namespace

std::span<const OptionSpec> CloudEvents::options() {
  static const std::vector<OptionSpec> specs = with_limits({
      {.name = "aggregate_type",
       .fallback = "source",
       .help = "Attribute with the kind of thing that the event is about; empty: none"},
      {.name = "aggregate_id",
       .fallback = "subject",
       .help = "Attribute with the id of that thing; empty: none"},
  });
  return specs;
}

std::unique_ptr<Decoder> CloudEvents::make(const Options& options) {
  return std::make_unique<CloudEvents>(options);
}

CloudEvents::CloudEvents(const Options& options)
    : names_{"specversion",
             "id",
             "type",
             "source",
             "time",
             options.text("aggregate_type"),
             options.text("aggregate_id")},
      tokens_(envelope_limits(options)),
      payload_(payload_limits(options)) {
  for (std::size_t i = 0; i < attributes; ++i) {
    headers_[i] = std::string(header_prefix) + names_[i];
    texts_.emplace_back(envelope_limits(options));
  }
}

Result<Decoded> CloudEvents::decode(const Record& record, Event& event) {
  payload_.clear();
  if (!record.value) return Decoded::passed_over;
  const auto content_type = find_header(record.headers, "content-type");
  if (content_type && begins_with(*content_type, "application/cloudevents-batch"))
    return Error{Code::decode_unknown_envelope,
                 "a batch of CloudEvents in one record, which Kafka's binding does not know"};
  const bool declared = content_type && begins_with(*content_type, "application/cloudevents");
  if (declared && !same_text(media_type(*content_type), "application/cloudevents") && !is_json(*content_type))
    return Error{Code::decode_unknown_envelope, "the content-type is '" +
                                                    std::string(content_type->substr(0, 60)) +
                                                    "'; sluice reads CloudEvents in JSON"};

  const bool binary = !declared && (content_type || find_header(record.headers, headers_[specversion]) ||
                                    find_header(record.headers, headers_[type]));
  Parts parts;
  if (content_type && binary) parts.content_type = {Field::Kind::text, *content_type};
  if (binary && !is_json(parts.content_type.text))
    return Error{Code::decode_bad_field, "the content-type is '" +
                                             std::string(parts.content_type.text.substr(0, 60)) +
                                             "'; sluice reads data in JSON"};
  if (auto opened = open_value(record, tokens_); !opened) return opened.error();
  if (binary) {
    if (auto read = read_binary(record, parts); !read) return read.error();
  } else if (!read_structured(parts)) {
    return tokens_.failure();
  }
  return judge(parts, record, event);
}

Result<void> CloudEvents::read_binary(const Record& record, Parts& parts) {
  for (std::size_t i = 0; i < attributes; ++i) {
    if (names_[i].empty()) continue;
    if (const auto header = find_header(record.headers, headers_[i]))
      parts.attribute[i] = {Field::Kind::text, texts_[i].read(*header)};
  }
  if (!take_field(tokens_, "data", parts.data) || !tokens_.take_end()) return tokens_.failure();
  return {};
}

bool CloudEvents::read_structured(Parts& parts) {
  if (tokens_.first() != '{') {
    std::string_view value;
    if (!tokens_.take_value(value) || !tokens_.take_end()) return false;
    return tokens_.fail(Code::decode_unknown_envelope,
                        "no CloudEvent: there are no ce_ headers, and the value is no object");
  }
  tokens_.advance();
  bool more = !tokens_.take('}');
  while (more) {
    std::string_view name;
    if (!tokens_.take_name(name)) return false;
    Field value;
    Field* named = name == "data"              ? &parts.data
                   : name == "data_base64"     ? &parts.data_base64
                   : name == "datacontenttype" ? &parts.content_type
                                               : &value;
    if (!take_field(tokens_, name, *named) || !tokens_.take_separator('}', more)) return false;
    for (std::size_t i = 0; i < attributes; ++i) {
      if (names_[i] != name) continue;
      if (parts.attribute[i].kind != Field::Kind::absent)
        return tokens_.fail(Code::decode_duplicate_key, "the name '" + std::string(name) + "' occurs twice");
      parts.attribute[i] = *named;  // two may go by one name: `id` as the aggregate's, too
    }
  }
  return tokens_.take_end();
}

bool CloudEvents::unpack_base64(Parts& parts, Error& why) {
  if (!parts.data_base64.given()) return true;
  auto bytes =
      parts.data_base64.kind == Field::Kind::text ? parse_base64(parts.data_base64.text) : std::nullopt;
  if (!bytes) {
    why = {Code::decode_bad_field, "the field 'data_base64' is no base64"};
    return false;
  }
  base64_ = std::move(*bytes);
  parts.data = {Field::Kind::text, {reinterpret_cast<const char*>(base64_.data()), base64_.size()}};
  return true;
}

Result<Decoded> CloudEvents::judge(Parts& parts, const Record& record, Event& event) {
  const Field& version = parts.attribute[specversion];
  if (!version.given())
    return Error{Code::decode_unknown_envelope,
                 "no CloudEvent: there is neither a header 'ce_specversion' nor a field 'specversion'"};
  if (!version.text.starts_with("1.") && version.text != "0.3")
    return Error{Code::decode_bad_field, "the attribute 'specversion' is '" +
                                             std::string(version.text.substr(0, 20)) +
                                             "'; sluice knows 1.x and 0.3"};
  if (!is_json(parts.content_type.text))
    return Error{Code::decode_bad_field, "the attribute 'datacontenttype' is '" +
                                             std::string(parts.content_type.text.substr(0, 60)) +
                                             "'; sluice reads data in JSON"};
  event = Event{};
  event.record = &record;
  Error why;
  std::string_view origin;
  if (!read_name(parts.attribute[id], "the attribute 'id'", true, event.id, why) ||
      !read_name(parts.attribute[type], "the attribute 'type'", true, event.type, why) ||
      !read_name(parts.attribute[source], "the attribute 'source'", true, origin, why) ||
      !read_name(parts.attribute[aggregate_type], "the aggregate's type", false, event.aggregate_type, why) ||
      !read_name(parts.attribute[aggregate_id], "the aggregate's id", false, event.aggregate_id, why) ||
      !read_time(parts.attribute[time], "the attribute 'time'", event.created, why) ||
      !unpack_base64(parts, why))
    return why;
  if (parts.data.kind == Field::Kind::absent) parts.data = {Field::Kind::null, "null"};
  event.payload_json = payload_.set(parts.data);
  return Decoded::event;
}

}  // namespace sluice::engine
