#include "kit/screen.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "kit/figures.hpp"

namespace sluice::kit {
namespace {

constexpr std::string_view green = "\033[32m";
constexpr std::string_view yellow = "\033[33m";
constexpr std::string_view red = "\033[31m";
constexpr std::string_view blue = "\033[34m";
constexpr std::string_view plain = "\033[0m";

std::string_view colour_of(std::string_view state) {
  if (state == "running") return green;
  if (state == "drained") return blue;
  if (state == "failed" || state == "breaker_open") return red;
  return yellow;
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string percent(double share) { return fixed(share * 100, 1) + " %"; }
std::string rate(double events) { return with_commas(static_cast<std::uint64_t>(events)) + "/s"; }

std::string bar(double share, std::size_t width) {
  const auto filled = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(width));
  std::string text;
  for (std::size_t i = 0; i < width; ++i) text += i < filled ? "█" : "░";
  return text;
}

std::string uptime(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds);
  const std::string minutes = std::to_string(whole / 60);
  const std::string rest = std::to_string(whole % 60);
  return minutes + ":" + (rest.size() < 2 ? "0" : "") + rest;
}

std::string latency_text(const EngineStatus& engine) {
  if (!engine.latency) return "no event yet";
  const EngineStatus::Latency& latency = *engine.latency;
  return "p50 " + fixed(latency.p50, 1) + "  p95 " + fixed(latency.p95, 1) + "  p99 " +
         fixed(latency.p99, 1) + "  min " + fixed(latency.min, 1) + "  avg " + fixed(latency.average, 1) +
         "  max " + fixed(latency.max, 1) + " ms";
}

std::string types_text(const EngineStatus& engine) {
  std::string text;
  for (const auto& [type, count] : engine.types)
    text += (text.empty() ? "" : "   ") + type + " " + with_commas(count) + " (" +
            percent(share(count, engine.settled)) + ")";
  return text.empty() ? "none yet" : text;
}

}  // namespace

std::string sparkline(const std::deque<double>& numbers) {
  constexpr std::array<std::string_view, 8> heights{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  if (numbers.empty()) return {};
  const double largest = std::max(*std::ranges::max_element(numbers), 1e-9);
  std::string text;
  for (const double number : numbers)
    text += heights[std::min<std::size_t>(static_cast<std::size_t>(number / largest * heights.size()),
                                          heights.size() - 1)];
  return text;
}

std::vector<std::string> screen(const Progress& progress, bool colours) {
  constexpr std::size_t bar_width = 40;
  const EngineStatus& engine = progress.engine;
  const std::uint64_t remaining = progress.target - std::min(progress.target, engine.settled);
  const double done = share(engine.settled, progress.target);
  std::string state = engine.state;
  if (colours) state = std::string(colour_of(engine.state)).append(state).append(plain);

  std::vector<std::string> lines{
      "  pipeline  " + engine.pipeline + ", " + state + ", up " + uptime(engine.uptime_s) +
          (engine.reason.empty() ? "" : ": " + engine.reason),
      "  events    " + bar(done, bar_width) + " " + percent(done),
      "            " + with_commas(engine.settled) + " of " + with_commas(progress.target) + " processed, " +
          with_commas(remaining) + " remaining; " + with_commas(progress.outbox) + " rows in the outbox",
      "  rate      " + rate(engine.rates.now) + " now, " + rate(engine.rates.average) + " on average, " +
          rate(engine.rates.peak) + " at the peak; dead letters " + with_commas(engine.dead_letters) + " (" +
          percent(share(engine.dead_letters, engine.settled)) + ")",
      "  latency   " + latency_text(engine) + "  " + sparkline(progress.recent_latency_ms),
      "  types     " + types_text(engine),
  };
  for (std::size_t i = 0; i < engine.last_events.size(); ++i) {
    const EngineStatus::LastEvent& event = engine.last_events[i];
    const std::string label =
        i < progress.labels.size() && !progress.labels[i].empty() ? progress.labels[i] : event.id;
    lines.push_back((i == 0 ? "  last      " : "            ") + event.type + " " + label + ", " +
                    fixed(event.latency_ms, 1) + " ms, " + event.time);
  }
  return lines;
}

std::string progress_line(const Progress& progress) {
  const EngineStatus& engine = progress.engine;
  std::string line = engine.state + ": " + with_commas(engine.settled) + " of " +
                     with_commas(progress.target) + " events (" +
                     percent(share(engine.settled, progress.target)) + "), " + rate(engine.rates.now);
  if (engine.latency)
    line += ", p50 " + fixed(engine.latency->p50, 1) + " ms, p99 " + fixed(engine.latency->p99, 1) + " ms";
  if (engine.dead_letters > 0) line += ", " + with_commas(engine.dead_letters) + " dead letters";
  return engine.reason.empty() ? line : line + "; " + engine.reason;
}

}  // namespace sluice::kit
