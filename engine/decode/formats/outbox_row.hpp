// A row of the outbox table, its columns found by their configured names.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/event.hpp"
#include "core/options.hpp"
#include "decode/field.hpp"

namespace sluice::engine {

struct OutboxRow {
  Field event_id;
  Field aggregate_type;
  Field aggregate_id;
  Field event_type;
  Field payload;
  Field created_at;

  template <class Visit>
  void each_field(Visit visit) {
    for (Field* field : {&event_id, &aggregate_type, &aggregate_id, &event_type, &payload, &created_at})
      visit(*field);
  }
};

class OutboxColumns {
 public:
  // Their names are the options event_id, aggregate_type, aggregate_id, event_type, payload, created_at; an
  // empty name says that the table has no such column. Throws ConfigurationError when two are the same.
  explicit OutboxColumns(const Options& options);

  // The row's field of that name, or null.
  [[nodiscard]] Field* find(std::string_view name, OutboxRow& row) noexcept;

  // Fills the event's id, type, aggregate and created; the payload only checked to be there.
  [[nodiscard]] bool read(const OutboxRow& row, Event& event, Error& why) const;

 private:
  struct Column {
    std::string name;
    std::string title;  // for messages
    Field OutboxRow::*field;
  };
  static constexpr std::size_t count = 6;

  std::array<Column, count> columns_;
  std::size_t next_ = 0;  // rows come in one order: the column behind the last one found is looked at first
};

}  // namespace sluice::engine
