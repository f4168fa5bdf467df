// An event as plugins see it, over the engine's.
#pragma once

#include <vector>

#include "core/event.hpp"
#include "plugin/host.hpp"
#include "sluice/abi.h"

namespace sluice::engine {

// Kept and used again, so that its list of headers is allocated once.
class AbiEvent {
 public:
  using PayloadFunction = decltype(sluice_event::payload);

  // Borrows from the event; `payload` is called with `engine` in the event's field of that name.
  void show(const Event& event, PayloadFunction payload, void* engine) {
    const Record& record = *event.record;
    headers_.clear();
    for (const Header& header : record.headers)
      headers_.push_back({to_abi(header.name), nullable(header.value)});
    abi_ = {sizeof abi_,
            to_abi(event.id),
            to_abi(event.type),
            to_abi(event.aggregate_type),
            to_abi(event.aggregate_id),
            to_abi(record.topic),
            record.partition_number,
            record.position.value,
            nullable(record.key),
            headers_.data(),
            headers_.size(),
            microseconds_of(event.created),
            microseconds_of(event.captured),
            to_abi(event.payload_json),
            payload,
            engine};
  }
  [[nodiscard]] const sluice_event* abi() const noexcept { return &abi_; }

 private:
  static sluice_text nullable(const std::optional<std::string_view>& text) noexcept {
    if (!text) return {nullptr, 0};
    return text->data() == nullptr ? sluice_text{"", 0} : to_abi(*text);  // NULL means that there is none
  }
  static std::int64_t microseconds_of(const std::optional<Timestamp>& time) noexcept {
    return time ? time->time_since_epoch().count() : SLUICE_TIME_UNKNOWN;
  }

  std::vector<sluice_header> headers_;
  sluice_event abi_{};
};

}  // namespace sluice::engine
