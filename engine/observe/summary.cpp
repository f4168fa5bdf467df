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

std::string latency_text(const Latencies& latencies) {
  if (latencies[Stage::total].count() == 0) return "";
  return "; " + stage_text(latencies, Stage::total) + "; " + stage_text(latencies, Stage::processing);
}

std::string error_text(std::uint64_t dead_letters, std::uint64_t events) {
  if (dead_letters == 0) return "; no errors";
  return fmt::format("; {} dead letter{} ({:.2f} %)", grouped(dead_letters), dead_letters == 1 ? "" : "s",
                     100 * static_cast<double>(dead_letters) / static_cast<double>(events));
}

// "; tried again: 12 (sink.unavailable)".
std::string retry_text(const Figures& figures, const Figures& earlier) {
  std::string text;
  for (const CodeInfo& info : all_codes()) {
    const auto code = static_cast<std::size_t>(info.code);
    const std::uint64_t count = figures.retries[code] - earlier.retries[code];
    if (count == 0) continue;
    text += fmt::format("{} {} ({})", text.empty() ? "; tried again:" : ",", grouped(count), info.text);
  }
  return text;
}

}  // namespace

std::optional<SummaryLine> Summary::next(Instant now, const Figures& figures, const PipelineStatus& status) {
  const double seconds = std::chrono::duration<double>(now - last_).count();
  const std::uint64_t events = figures.total() - earlier_.total();
  const std::uint64_t dead = figures.dead_letters - earlier_.dead_letters;
  const Latencies latencies = figures.latencies.since(earlier_.latencies);
  const std::string retries = retry_text(figures, earlier_);
  last_ = now;
  earlier_ = figures;

  const std::string why = obstacle(status);
  if (events == 0 && status.unfinished_events == 0 && why.empty() && retries.empty()) return std::nullopt;

  SummaryLine line;
  line.warning = dead > 0 || !why.empty() || events == 0;
  if (events == 0) {
    line.text = fmt::format("no event settled in {:.1f} s", seconds);
  } else {
    line.text = fmt::format("{} events in {:.1f} s ({}/s)", grouped(events), seconds,
                            grouped(static_cast<std::uint64_t>(static_cast<double>(events) / seconds)));
    line.text += latency_text(latencies) + error_text(dead, events);
  }
  if (status.unfinished_events > 0)
    line.text += fmt::format("; {} unfinished", grouped(status.unfinished_events));
  line.text += retries;
  if (!why.empty()) line.text += "; " + why;
  return line;
}

std::string whole_run(const Figures& figures) {
  if (figures.total() == 0) return "no event settled";
  std::string text =
      fmt::format("in all {} events, {} applied", grouped(figures.total()), grouped(figures.applied));
  if (figures.ignored > 0) text += fmt::format(", {} ignored", grouped(figures.ignored));
  if (figures.repeated > 0) text += fmt::format(", {} repeated", grouped(figures.repeated));
  if (figures.passed_over > 0) text += fmt::format(", {} passed over", grouped(figures.passed_over));
  text += fmt::format(" ({}/s)", grouped(static_cast<std::uint64_t>(figures.rates.average)));
  return text + latency_text(figures.latencies) + error_text(figures.dead_letters, figures.total());
}

}  // namespace sluice::engine
