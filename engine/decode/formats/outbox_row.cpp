#include "decode/formats/outbox_row.hpp"

namespace sluice::engine {
namespace {

// What Debezium writes for a large value that an update left alone and the log therefore does not hold.
constexpr std::string_view unavailable = "__debezium_unavailable_value";

enum Index : std::size_t { event_id, aggregate_type, aggregate_id, event_type, payload, created_at };

}  // namespace

OutboxColumns::OutboxColumns(const Options& options)
    : columns_{Column{"event_id", {}, &OutboxRow::event_id},
               Column{"aggregate_type", {}, &OutboxRow::aggregate_type},
               Column{"aggregate_id", {}, &OutboxRow::aggregate_id},
               Column{"event_type", {}, &OutboxRow::event_type},
               Column{"payload", {}, &OutboxRow::payload},
               Column{"created_at", {}, &OutboxRow::created_at}} {
  for (Column& column : columns_) {
    const std::string option = column.name;
    column.name = options.text(option);
    column.title = "the column '" + column.name + "'";
    for (const Column* other = columns_.data(); other != &column; ++other)
      if (!column.name.empty() && other->name == column.name)
        throw ConfigurationError("debezium_outbox: " + option +
                                 " names a column that another option names too: '" + column.name + "'");
  }
  for (const Index needed : {event_type, payload})
    if (columns_[needed].name.empty())
      throw ConfigurationError("debezium_outbox: the columns of event_type and payload need a name");
}

Field* OutboxColumns::find(std::string_view name, OutboxRow& row) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = next_ + i < count ? next_ + i : next_ + i - count;
    if (columns_[at].name != name || name.empty()) continue;
    next_ = at + 1 < count ? at + 1 : 0;
    return &(row.*columns_[at].field);
  }
  return nullptr;
}

bool OutboxColumns::read(const OutboxRow& row, Event& event, Error& why) const {
  const bool has_id = !columns_[event_id].name.empty();
  if (!read_name(row.event_id, columns_[event_id].title, has_id, event.id, why)) return false;
  if (row.event_type.given() && row.event_type.kind != Field::Kind::text) {
    why = {Code::decode_bad_field, columns_[event_type].title + " is not a text"};
    return false;
  }
  if (!read_name(row.event_type, columns_[event_type].title, true, event.type, why) ||
      !read_name(row.aggregate_type, columns_[aggregate_type].title, false, event.aggregate_type, why) ||
      !read_name(row.aggregate_id, columns_[aggregate_id].title, false, event.aggregate_id, why) ||
      !read_time(row.created_at, columns_[created_at].title, event.created, why))
    return false;
  if (row.payload.kind == Field::Kind::absent) {
    why = {Code::decode_missing_field, columns_[payload].title + " is missing"};
    return false;
  }
  if (row.payload.is_text(unavailable)) {
    why = {Code::decode_bad_field, columns_[payload].title +
                                       " was not captured (__debezium_unavailable_value): give the table "
                                       "REPLICA IDENTITY FULL, or do not update outbox rows"};
    return false;
  }
  return true;
}

}  // namespace sluice::engine
