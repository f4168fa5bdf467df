// Numbers of the dashboard that must fit a column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "top/frame.hpp"
#include "top/status.hpp"

namespace sluice::engine::top {

// "12,345,678", or "12.3 M" where that is too wide.
[[nodiscard]] std::string count_within(std::uint64_t count, std::size_t width);

// "1,234", below ten "1.5".
[[nodiscard]] std::string rate_text(double events);

// "1.7 %", "100 %", "<0.1 %".
[[nodiscard]] std::string percent(std::uint64_t part, std::uint64_t whole);

// "0:59", "1:02:03", "3d 04:05:06".
[[nodiscard]] std::string span_text(double seconds);

// "08:00:00.900" of an ISO 8601 time, with so many digits of the second; the text itself if it is none.
[[nodiscard]] std::string time_of_day(std::string_view time, std::size_t digits);

// "1.5 MiB".
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

// "mongodb: tried again since 07:58:13, no primary".
[[nodiscard]] std::string retry_text(const Obstacle& retrying);

[[nodiscard]] Style style_of_state(std::string_view state);
// "breaker open" of "breaker_open".
[[nodiscard]] std::string words(std::string_view name);

}  // namespace sluice::engine::top
