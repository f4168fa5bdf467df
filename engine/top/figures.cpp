#include "top/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "observe/numbers.hpp"

namespace sluice::engine::top {

std::string count_within(std::uint64_t count, std::size_t width) {
  std::string text = grouped(count);
  if (text.size() <= width) return text;
  constexpr std::array units{"k", "M", "G", "T", "P", "E"};
  auto value = static_cast<double>(count);
  std::size_t unit = 0;
  for (value /= 1000; value >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1000;
  return fmt::format("{:.{}f} {}", value, value < 9.95 ? 2 : value < 99.5 ? 1 : 0, units[unit]);
}

std::string rate_text(double events) {
  if (!(events > 0)) return "0";
  if (events < 9.95) return fmt::format("{:.1f}", events);
  return grouped(static_cast<std::uint64_t>(std::llround(std::min(events, 1e15))));
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  if (part == 0 || whole == 0) return "0.0 %";
  const double share = 100 * static_cast<double>(part) / static_cast<double>(whole);
  if (share < 0.1) return "<0.1 %";
  // All but a few are not all.
  if (part < whole && share > 99.9) return ">99.9 %";
  return fmt::format("{:.1f} %", share);
}

std::string span_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::clamp(seconds, 0.0, 1e12));
  const std::uint64_t days = whole / 86400;
  const std::uint64_t hours = whole / 3600 % 24;
  const std::uint64_t minutes = whole / 60 % 60;
  if (days > 0) return fmt::format("{}d {:02}:{:02}:{:02}", days, hours, minutes, whole % 60);
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
  return fmt::format("{}:{:02}", minutes, whole % 60);
}

std::string time_of_day(std::string_view time, std::size_t digits) {
  constexpr std::size_t day = 11;  // of "2026-11-21T"
  constexpr std::size_t seconds = 8;
  if (time.size() < day + seconds || time[day - 1] != 'T') return std::string(time);
  return std::string(time.substr(day, digits == 0 ? seconds : seconds + 1 + digits));
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  return fmt::format("{:.{}f} {}", value, unit == 0 || value >= 100 ? 0 : 1, units[unit]);
}

std::string retry_text(const Obstacle& retrying) {
  return fmt::format("{}: tried again since {}, {}", words(retrying.what), time_of_day(retrying.since, 0),
                     retrying.reason);
}

Style style_of_state(std::string_view state) {
  if (state == "running") return Style::good;
  if (state == "drained") return Style::busy;
  if (state == "failed" || state == "breaker_open") return Style::bad;
  return Style::warning;
}

std::string words(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', ' ');
  return text;
}

}  // namespace sluice::engine::top
