#include "kit/watch.hpp"

#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "kit/outbox.hpp"
#include "top/run.hpp"
#include "top/source.hpp"

namespace sluice::kit {
namespace {

namespace top = engine::top;

// A process that has ended but that its parent has not yet asked for counts as ended.
bool process_ended(std::int64_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string stat;
  if (!std::getline(file, stat)) return true;
  const std::size_t name_end = stat.rfind(')');
  const char state = name_end == std::string::npos || name_end + 2 >= stat.size() ? 'X' : stat[name_end + 2];
  return state == 'Z' || state == 'X';
}

class FollowedEngine final : public top::StatusSource {
 public:
  explicit FollowedEngine(const WatchSettings& settings)
      : settings_(settings), file_(top::open_source(settings.status.string(), {})) {}

  [[nodiscard]] const std::string& name() const noexcept override { return file_->name(); }
  [[nodiscard]] bool writer_gone() const noexcept { return writer_gone_; }

  [[nodiscard]] top::Answer ask() override {
    // Asked before the status is read: the last status of an ended engine is then seen.
    writer_gone_ = writer_ended_early();
    const bool engine_gone = settings_.engine_process != 0 && process_ended(settings_.engine_process);
    top::Answer answer = file_->ask();
    if (answer.status) name_events(*answer.status);
    answer.last = writer_gone_ || engine_gone;
    return answer;
  }

 private:
  OutboxView* outbox() {
    if (!outbox_ && !settings_.outbox.empty() && std::filesystem::exists(settings_.outbox))
      outbox_.emplace(settings_.outbox);
    return outbox_ ? &*outbox_ : nullptr;
  }

  bool writer_ended_early() {
    if (settings_.writer_process == 0 || !process_ended(settings_.writer_process)) return false;
    OutboxView* const view = outbox();
    return view == nullptr || view->rows() < settings_.target;
  }

  void name_events(top::Status& status) {
    OutboxView* const view = outbox();
    if (view == nullptr) return;
    for (top::Pipeline& pipeline : status.pipelines)
      for (top::LastEvent& event : pipeline.last_events)
        if (std::string name = view->label(event.label); !name.empty()) event.label = std::move(name);
  }

  const WatchSettings& settings_;
  std::unique_ptr<top::StatusSource> file_;
  std::optional<OutboxView> outbox_;
  bool writer_gone_ = false;
};

}  // namespace

WatchEnd watch(const WatchSettings& settings) {
  FollowedEngine engine(settings);
  top::Settings shown;
  shown.target = settings.target;
  switch (top::run(engine, shown)) {
    case top::End::target_reached:
      return WatchEnd::target_reached;
    case top::End::left:
      return WatchEnd::left;
    case top::End::last_answer:
      return engine.writer_gone() ? WatchEnd::writer_ended : WatchEnd::engine_ended;
    case top::End::drained:
    case top::End::failed:
    case top::End::breaker_open:
      return WatchEnd::engine_ended;
  }
  return WatchEnd::engine_ended;
}

}  // namespace sluice::kit
