// Times of the kit: microseconds since 1970, as the outbox writes them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::kit {

using Micros = std::chrono::sys_time<std::chrono::microseconds>;

[[nodiscard]] inline Micros now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

// "2026-11-21T08:06:32.584684" and the given zone ("Z" or "+00:00").
[[nodiscard]] std::string to_text(Micros time, std::string_view zone = "Z");

// What to_text() makes, and any other ISO 8601 date and time; without a zone it is UTC.
[[nodiscard]] std::optional<Micros> parse_time(std::string_view text);

// "2026-11-21T08:06:32.584Z": how documents show dates.
[[nodiscard]] std::string to_milliseconds_text(Micros time);

}  // namespace sluice::kit
