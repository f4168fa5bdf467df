#include "decode/formats/row_headers.hpp"

#include <vector>

#include "decode/converted_text.hpp"
#include "decode/field.hpp"
#include "decode/limits.hpp"

namespace sluice::engine {
namespace {

Field header(const Record& record, std::string_view name) {
  const auto text = find_header(record.headers, name);
  return text ? Field{Field::Kind::text, *text} : Field{};
}

}  // namespace

std::span<const OptionSpec> RowHeaders::options() {
  static const std::vector<OptionSpec> specs = with_limits({});
  return specs;
}

std::unique_ptr<Decoder> RowHeaders::make(const Options& options) {
  return std::make_unique<RowHeaders>(options);
}

RowHeaders::RowHeaders(const Options& options) : payload_(payload_limits(options)) {}

Result<Decoded> RowHeaders::decode(const Record& record, Event& event) {
  payload_.clear();
  if (record.value && record.value->empty()) return Error{Code::decode_empty, "the payload is empty"};
  event = Event{};
  event.record = &record;
  Error why;
  if (!read_name(header(record, "eventType"), "the header 'eventType'", true, event.type, why) ||
      !read_name(header(record, "id"), "the header 'id'", true, event.id, why) ||
      !read_name(header(record, "aggregateType"), "the header 'aggregateType'", false, event.aggregate_type,
                 why) ||
      !read_name(header(record, "aggregateId"), "the header 'aggregateId'", false, event.aggregate_id, why) ||
      !read_time(header(record, "createdAt"), "the header 'createdAt'", event.created, why))
    return why;
  event.payload_json =
      payload_.set(record.value ? Field{Field::Kind::text, *record.value} : Field{Field::Kind::null, "null"});
  return Decoded::event;
}

}  // namespace sluice::engine
