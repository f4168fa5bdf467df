#include "top/model.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sluice::engine::top {
namespace {

// An engine replaces its status four times a second.
constexpr auto old_after = std::chrono::seconds(3);

double mean_of_last_events(const Pipeline& pipeline) {
  if (pipeline.last_events.empty()) return 0;
  const double sum =
      std::accumulate(pipeline.last_events.begin(), pipeline.last_events.end(), 0.0,
                      [](double so_far, const LastEvent& event) { return so_far + event.latency_ms; });
  return sum / static_cast<double>(pipeline.last_events.size());
}

// The average is told to a microsecond, so the mean of a few events among very many drowns in its rounding.
double mean_since(const Pipeline& pipeline, std::uint64_t count, double average) {
  constexpr double rounding_ms = 0.0005;
  if (!pipeline.latency || pipeline.latency->count <= count) return 0;
  const auto before = static_cast<double>(count);
  const auto after = static_cast<double>(pipeline.latency->count);
  const double mean = (pipeline.latency->average * after - average * before) / (after - before);
  const double error = rounding_ms * (after + before) / (after - before);
  return error > mean / 10 ? mean_of_last_events(pipeline) : mean;
}

void push(std::deque<double>& samples, double sample) {
  samples.push_back(sample);
  if (samples.size() > History::kept) samples.pop_front();
}

}  // namespace

void Model::take(Answer answer, Timestamp now) {
  if (answer.status) answer.problem = keep_the_wanted(*answer.status);
  if (!answer.problem.empty()) return silent(std::move(answer.problem), now, now);
  const bool news = !live_.status || answer.status->time != live_.status->time || answer.status->time.empty();
  if (!news && !answer.status->ended() && now - news_ > old_after)
    return silent("its status does not change any more", news_, now);
  live_.silence.reset();
  if (!news) return;
  news_ = now;
  live_.status = std::move(answer.status);
  for (const Pipeline& pipeline : live_.status->pipelines) remember(pipeline);
}

void Model::silent(std::string problem, Timestamp since, Timestamp now) {
  if (live_.silence) since = live_.silence->since;
  live_.silence = Silence{since, now, std::move(problem)};
}

// Why that cannot be, or nothing.
std::string Model::keep_the_wanted(Status& status) const {
  if (settings_.pipeline.empty()) return {};
  std::string ids;
  for (const Pipeline& pipeline : status.pipelines) ids += (ids.empty() ? "" : ", ") + pipeline.id;
  std::erase_if(status.pipelines, [&](const Pipeline& each) { return each.id != settings_.pipeline; });
  if (!status.pipelines.empty()) return {};
  return "it has no pipeline \"" + settings_.pipeline + "\"" +
         (ids.empty() ? std::string{} : "; there are: " + ids);
}

void Model::remember(const Pipeline& pipeline) {
  History& history = live_.histories[pipeline.id];
  Seen& seen = seen_[pipeline.id];
  const Latency latency = pipeline.latency.value_or(Latency{});
  if (latency.count < seen.count) seen = {};  // it was started again
  push(history.rate, pipeline.rate_now);
  push(history.latency_ms, mean_since(pipeline, seen.count, seen.average));
  seen = {latency.count, latency.average};
}

void Model::press(const KeyPress& key) {
  const Status* const shown = status();
  const std::size_t count = shown == nullptr ? 0 : shown->pipelines.size();
  const auto choose = [&](std::size_t index) {
    if (index < count) chosen_ = shown->pipelines[index].id;
  };
  switch (key.command) {
    case Command::next:
      return choose(count == 0 ? 0 : (chosen_index() + 1) % count);
    case Command::previous:
      return choose(count == 0 ? 0 : (chosen_index() + count - 1) % count);
    case Command::choose:
      return choose(key.index);
    case Command::help:
      help_ = !help_;
      return;
    case Command::freeze:
      if (frozen_)
        frozen_.reset();
      else
        frozen_ = live_;
      return;
    case Command::quit:
      left_ = true;
      return;
    case Command::redraw:
      return;
  }
}

const Status* Model::status() const noexcept { return picture().status ? &*picture().status : nullptr; }
const Status* Model::newest() const noexcept { return live_.status ? &*live_.status : nullptr; }

std::size_t Model::chosen_index() const noexcept {
  const Status* const shown = status();
  if (shown == nullptr) return 0;
  const auto found = std::ranges::find(shown->pipelines, chosen_, &Pipeline::id);
  return found == shown->pipelines.end() ? 0 : static_cast<std::size_t>(found - shown->pipelines.begin());
}

const Pipeline* Model::chosen() const noexcept {
  const Status* const shown = status();
  return shown == nullptr || shown->pipelines.empty() ? nullptr : &shown->pipelines[chosen_index()];
}

const History& Model::history(const Pipeline& pipeline) const {
  static const History none;
  const auto found = picture().histories.find(pipeline.id);
  return found == picture().histories.end() ? none : found->second;
}

bool Model::target_reached() const noexcept {
  return settings_.target && live_.status && !live_.status->pipelines.empty() &&
         live_.status->total() >= *settings_.target;
}

bool Model::engine_ended() const noexcept {
  return live_.status && !live_.status->pipelines.empty() && live_.status->ended();
}

}  // namespace sluice::engine::top
