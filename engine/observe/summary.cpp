#include "observe/summary.hpp"

#include <fmt/format.h>

namespace sluice::engine {
namespace {

// Why nothing moves, as far as the status tells.
std::string obstacle(const PipelineStatus& status) {
  for (const TargetStatus& target : status.targets)
    if (target.retrying_since) return fmt::format("{}: {}", target.name, target.retry_reason);
  if (!status.reason.empty()) return status.reason;
  for (const TargetStatus& target : status.targets)
    if (target.waiting > 0)
      return fmt::format("{}: {} wait for a document to exist", target.name, grouped(target.waiting));
  return "";
}

std::string stage_text(const Latencies& latencies, Stage stage) {
  const LatencyFigures figures = latencies[stage].figures();
  return fmt::format("{} p50 {} p95 {} p99 {}", to_text(stage), duration_for_people(figures.p50),
                     duration_for_people(figures.p95), duration_for_people(figures.p99));
}

}  // namespace

std::optional<SummaryLine> Summary::next(Instant now, const Figures& figures, const PipelineStatus& status) {
  const double seconds = std::chrono::duration<double>(now - last_).count();
  const std::uint64_t events = figures.total() - earlier_.total();
  const std::uint64_t dead = figures.dead_letters - earlier_.dead_letters;
  const Latencies latencies = figures.latencies.since(earlier_.latencies);
  last_ = now;
  earlier_ = figures;

  const std::string why = obstacle(status);
  if (events == 0 && status.unfinished_events == 0 && why.empty()) return std::nullopt;

  SummaryLine line;
  line.text = fmt::format("{} events in {:.1f} s ({}/s)", grouped(events), seconds,
                          grouped(static_cast<std::uint64_t>(static_cast<double>(events) / seconds)));
  if (latencies[Stage::total].count() > 0)
    line.text += fmt::format("; {}; {}", stage_text(latencies, Stage::total),
                             stage_text(latencies, Stage::processing));
  if (dead > 0)
    line.text += fmt::format("; {} dead letters ({:.2f} %)", grouped(dead),
                             100 * static_cast<double>(dead) / static_cast<double>(events));
  else
    line.text += "; no errors";
  if (status.unfinished_events > 0)
    line.text += fmt::format("; {} unfinished", grouped(status.unfinished_events));
  if (!why.empty()) line.text += "; " + why;
  line.warning = dead > 0 || !why.empty() || events == 0;
  return line;
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string duration_for_people(double ms) {
  if (ms >= 1000) return fmt::format("{:.2f} s", ms / 1000);
  if (ms >= 10) return fmt::format("{:.1f} ms", ms);
  return fmt::format("{:.2f} ms", ms);
}

}  // namespace sluice::engine
