#include "observe/observer.hpp"

#include <algorithm>

#include "core/dead_letters.hpp"
#include "observe/metrics_file.hpp"

namespace sluice::engine {

void Observer::settled(std::span<const SettledEvent> events) {
  if (events.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    Timestamp started = events.front().clocks.started;
    Timestamp settled = events.front().clocks.settled;
    for (const SettledEvent& event : events) {
      count(event);
      started = std::min(started, event.clocks.started);
      settled = std::max(settled, event.clocks.settled);
    }
    rate_.add(clock_.now(), events.size(), started, settled);
    remember(events);
  }
  if (metrics_ != nullptr) metrics_->offer(events);
}

void Observer::count(const SettledEvent& event) {
  switch (event.how) {
    case Settled::applied:
      ++figures_.applied;
      figures_.latencies.add(event.clocks);
      break;
    case Settled::ignored:
      ++figures_.ignored;
      break;
    case Settled::passed_over:
      ++figures_.passed_over;
      return;
    case Settled::repeated:
      ++figures_.repeated;
      return;
    case Settled::dead_letter:
      ++figures_.dead_letters;
      ++figures_.errors[static_cast<std::size_t>(event.code)];
      remember_error(event);
      break;
  }
  if (event.type.empty()) return;  // it could not be decoded
  TypeFigures& type = type_figures(event.type);
  ++type.count;
  if (event.how == Settled::dead_letter) ++type.dead_letters;
}

TypeFigures& Observer::type_figures(std::string_view type) {
  if (const auto found = figures_.types.find(type); found != figures_.types.end()) return found->second;
  if (figures_.types.size() >= max_types) return figures_.types[std::string(other_types)];
  return figures_.types[std::string(type)];
}

void Observer::remember(std::span<const SettledEvent> events) {
  for (const SettledEvent& event : events.last(std::min(events.size(), kept_events))) {
    if (event.how == Settled::passed_over || event.how == Settled::repeated) continue;
    if (figures_.last_events.size() == kept_events) figures_.last_events.pop_back();
    figures_.last_events.push_front({event.how, event.code, std::string(event.type), std::string(event.id),
                                     total_latency(event.clocks), event.clocks.settled});
  }
}

void Observer::remember_error(const SettledEvent& event) {
  if (event.letter == nullptr) return;
  const DeadLetter& letter = *event.letter;
  if (figures_.last_errors.size() == kept_errors) figures_.last_errors.pop_back();
  figures_.last_errors.push_front({event.code, letter.reason.substr(0, max_reason), std::string(event.type),
                                   std::string(event.id), letter.topic, letter.partition, letter.position,
                                   event.clocks.settled});
}

void Observer::retried(Code code, std::uint64_t changes) {
  const std::lock_guard lock(mutex_);
  figures_.retries[static_cast<std::size_t>(code)] += changes;
}

void Observer::batch_written(std::string_view target, std::size_t writes, std::size_t changes,
                             microseconds took) {
  const std::lock_guard lock(mutex_);
  auto found = figures_.targets.find(target);
  if (found == figures_.targets.end()) found = figures_.targets.emplace(target, BatchFigures{}).first;
  BatchFigures& figures = found->second;
  ++figures.batches;
  figures.writes += writes;
  figures.changes += changes;
  figures.took.add(took);
}

Figures Observer::figures() const {
  const std::lock_guard lock(mutex_);
  Figures figures = figures_;
  figures.rates = rate_.at(clock_.now());
  return figures;
}

}  // namespace sluice::engine
