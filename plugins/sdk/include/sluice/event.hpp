// What a handler or a sink is given. Everything is borrowed: valid until handle() or deliver() returns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/payload.hpp"
#include "sluice/types.hpp"

namespace sluice {

namespace detail {

inline std::string_view view(sluice_text text) noexcept { return {text.data, text.size}; }
inline sluice_text text(std::string_view view) noexcept { return {view.data(), view.size()}; }
inline std::optional<std::string_view> nullable(sluice_text text) noexcept {
  if (text.data == nullptr) return std::nullopt;
  return view(text);
}

// The engine refused to decode the payload and knows why. No std::exception, so that no author's catch takes
// it.
struct Unreadable {};

}  // namespace detail

class Event {
 public:
  explicit Event(const sluice_event& event) noexcept : event_(&event) {}

  [[nodiscard]] std::string_view id() const noexcept { return detail::view(event_->id); }  // may be empty
  [[nodiscard]] std::string_view type() const noexcept { return detail::view(event_->type); }
  [[nodiscard]] std::string_view aggregate_type() const noexcept {
    return detail::view(event_->aggregate_type);
  }
  [[nodiscard]] std::string_view aggregate_id() const noexcept { return detail::view(event_->aggregate_id); }

  // Where its record came from: these three are its identity where it has no id.
  [[nodiscard]] std::string_view topic() const noexcept { return detail::view(event_->topic); }
  [[nodiscard]] std::int32_t partition() const noexcept { return event_->partition; }
  [[nodiscard]] std::int64_t position() const noexcept { return event_->position; }

  [[nodiscard]] std::optional<std::string_view> key() const noexcept { return detail::nullable(event_->key); }
  // The first header of the name; nothing if there is none or its value is null.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept {
    for (const sluice_header& header : headers())
      if (detail::view(header.name) == name) return detail::nullable(header.value);
    return std::nullopt;
  }
  [[nodiscard]] std::span<const sluice_header> headers() const noexcept {
    return {event_->headers, event_->header_count};
  }

  [[nodiscard]] std::optional<Time> created() const noexcept { return time(event_->created_us); }    // T0
  [[nodiscard]] std::optional<Time> captured() const noexcept { return time(event_->captured_us); }  // T1

  // The payload's text as it came.
  [[nodiscard]] std::string_view payload_json() const noexcept { return detail::view(event_->payload_json); }
  // The payload as a document, decoded at the first call. One that cannot be ends the handler here: the event
  // becomes a dead letter with the decoder's reason.
  [[nodiscard]] Payload payload() const {
    const std::uint8_t* document = nullptr;
    if (event_->payload(event_, &document) != SLUICE_OK) throw detail::Unreadable{};
    return Payload(bson::View(document));
  }

 private:
  static std::optional<Time> time(std::int64_t microseconds) noexcept {
    if (microseconds == SLUICE_TIME_UNKNOWN) return std::nullopt;
    return Time(std::chrono::microseconds{microseconds});
  }
  const sluice_event* event_;
};

}  // namespace sluice
