// The events that a pipeline reads, from wherever they can be read again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "kit/poison.hpp"

namespace sluice::kit {

struct EventRow {
  std::int64_t position = 0;  // as dead letters name it; 0: not known
  std::string_view event_id;
  std::string_view event_type;
  std::string_view payload;
  std::string_view created_at;
  std::optional<PoisonKind> poison{};  // where the generator can be asked
};

// In their order, as one consistent picture. What counts twice comes twice, one after the other.
class EventRows {
 public:
  virtual ~EventRows() = default;

  // False at the end. Views are valid until the next row.
  [[nodiscard]] virtual bool next(EventRow& row) = 0;
};

class EventSource {
 public:
  virtual ~EventSource() = default;

  // From the beginning: all, or only those of one event type.
  [[nodiscard]] virtual std::unique_ptr<EventRows> rows(std::string_view event_type = {}) const = 0;
};

}  // namespace sluice::kit
