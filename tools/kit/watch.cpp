#include "kit/watch.hpp"

#include <chrono>
#include <fstream>
#include <numeric>
#include <optional>
#include <ostream>
#include <string>
#include <thread>

#include "kit/outbox.hpp"
#include "kit/screen.hpp"

namespace sluice::kit {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto look_every = 50ms;
constexpr auto redraw_every = 500ms;
constexpr auto line_every = 1s;
constexpr std::size_t sparkline_width = 24;

// A process that has ended but that its parent has not yet asked for counts as ended.
bool process_ended(std::int64_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string stat;
  if (!std::getline(file, stat)) return true;
  const std::size_t name_end = stat.rfind(')');
  const char state = name_end == std::string::npos || name_end + 2 >= stat.size() ? 'X' : stat[name_end + 2];
  return state == 'Z' || state == 'X';
}

class Watcher {
 public:
  Watcher(const WatchSettings& settings, std::ostream& out) : settings_(settings), out_(out) {}

  WatchEnd run() {
    auto next_show = steady_clock::now();
    for (;;) {
      // Asked before the status is read: the last status of an ended engine is then seen.
      const bool writer_gone = writer_ended_early();
      const bool engine_gone = settings_.engine_process != 0 && process_ended(settings_.engine_process);
      const std::optional<EngineStatus> status = read_engine_status(settings_.status);
      if (status) progress_.engine = *status;
      const bool reached = progress_.engine.settled >= settings_.target;
      const bool ended = reached || engine_gone || writer_gone || progress_.engine.ended();
      if (const auto now = steady_clock::now(); ended || (status && now >= next_show)) {
        next_show = now + (settings_.in_place ? steady_clock::duration(redraw_every) : line_every);
        show();
      }
      if (reached) return WatchEnd::target_reached;
      if (ended) return writer_gone ? WatchEnd::writer_ended : WatchEnd::engine_ended;
      std::this_thread::sleep_for(look_every);
    }
  }

 private:
  bool writer_ended_early() {
    if (settings_.writer_process == 0 || !process_ended(settings_.writer_process)) return false;
    look_into_outbox();
    return progress_.outbox < settings_.target;
  }

  void show() {
    progress_.target = settings_.target;
    look_into_outbox();
    remember_latency();
    if (!settings_.in_place) {
      out_ << progress_line(progress_) << std::endl;
      return;
    }
    if (lines_drawn_ > 0) out_ << "\033[" << lines_drawn_ << "A";
    const std::vector<std::string> lines = screen(progress_, settings_.colours);
    for (const std::string& line : lines) out_ << "\033[2K" << line << '\n';
    for (std::size_t i = lines.size(); i < lines_drawn_; ++i) out_ << "\033[2K\n";
    lines_drawn_ = std::max(lines.size(), lines_drawn_);
    out_.flush();
  }

  void look_into_outbox() {
    if (settings_.outbox.empty() || !std::filesystem::exists(settings_.outbox)) return;
    if (!outbox_) outbox_.emplace(settings_.outbox);
    progress_.outbox = outbox_->rows();
    progress_.labels.clear();
    for (const EngineStatus::LastEvent& event : progress_.engine.last_events)
      progress_.labels.push_back(outbox_->label(event.id));
  }

  void remember_latency() {
    const auto& events = progress_.engine.last_events;
    if (events.empty()) return;
    const double sum =
        std::accumulate(events.begin(), events.end(), 0.0,
                        [](double so_far, const auto& event) { return so_far + event.latency_ms; });
    progress_.recent_latency_ms.push_back(sum / static_cast<double>(events.size()));
    if (progress_.recent_latency_ms.size() > sparkline_width) progress_.recent_latency_ms.pop_front();
  }

  const WatchSettings& settings_;
  std::ostream& out_;
  Progress progress_;
  std::optional<OutboxView> outbox_;
  std::size_t lines_drawn_ = 0;
};

}  // namespace

WatchEnd watch(const WatchSettings& settings, std::ostream& out) { return Watcher(settings, out).run(); }

}  // namespace sluice::kit
