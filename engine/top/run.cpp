#include "top/run.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "top/keys.hpp"
#include "top/model.hpp"
#include "top/poller.hpp"
#include "top/screen.hpp"
#include "top/terminal.hpp"

namespace sluice::engine::top {
namespace {

using namespace std::chrono_literals;

constexpr auto line_every = 1s;
constexpr auto tick = 1000ms;  // how long a silent engine has been silent is shown to the second

ModelSettings model_settings(const StatusSource& source, const Settings& settings) {
  return {source.name(), settings.pipeline, settings.target};
}

// Why there is nothing more to wait for.
std::optional<End> end_of(const Model& model, bool last, bool picture) {
  if (model.left()) return End::left;
  if (model.target_reached()) return End::target_reached;
  if (last) return End::last_answer;
  // Who looks at a picture without a target wants to see what became of it.
  if (!model.engine_ended() || (picture && !model.settings().target)) return std::nullopt;
  const auto any = [&](std::string_view state) {
    return std::ranges::any_of(model.newest()->pipelines,
                               [=](const Pipeline& each) { return each.state == state; });
  };
  return any("failed") ? End::failed : any("breaker_open") ? End::breaker_open : End::drained;
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

class Picture {
 public:
  Picture() : colours_(wanted_colours()), charset_(wanted_charset()) { terminal_.emplace(); }

  void draw(const Model& model) {
    Frame frame = screen(model, Terminal::size(), charset_);
    const std::string bytes = drawing(frame, shown_ ? &*shown_ : nullptr, colours_);
    if (!bytes.empty()) terminal_->write(bytes);
    shown_ = std::move(frame);
  }

  void forget() { shown_.reset(); }

  // Gives the terminal back while the process is stopped.
  void stop() {
    terminal_.reset();
    Events::stop();
    retake();
  }

  // A shell may have changed the terminal meanwhile.
  void retake() {
    terminal_.reset();
    terminal_.emplace();
    forget();
  }

 private:
  const Colours colours_;
  const Charset charset_;
  std::optional<Terminal> terminal_;
  std::optional<Frame> shown_;
};

void press_all(const std::string& typed, Model& model, Picture& picture) {
  for (const KeyPress& key : key_presses(typed)) {
    model.press(key);
    if (key.command == Command::redraw) picture.forget();
  }
}

End show_picture(Events& events, Poller& poller, Model& model) {
  const SystemClock clock;
  Picture picture;
  bool last = false;
  picture.draw(model);
  for (;;) {
    switch (events.wait(tick, poller.ready())) {
      case Woken::end:
        return End::left;
      case Woken::stop:
        picture.stop();
        break;
      case Woken::continued:
        picture.retake();
        break;
      case Woken::resized:
        picture.forget();
        break;
      case Woken::keys:
        press_all(events.typed(), model, picture);
        break;
      case Woken::timeout:
        break;
    }
    if (std::optional<Answer> answer = poller.take()) {
      last = answer->last;
      model.take(std::move(*answer), clock.wall());
    }
    picture.draw(model);
    if (const auto end = end_of(model, last, true)) return *end;
  }
}

// What is said of a silent engine is said once.
class Lines {
 public:
  explicit Lines(const Clock& clock) : clock_(clock) {}

  void print_when_due(const Model& model, bool now) {
    const Instant time = clock_.now();
    if (!now && printed_ && time - *printed_ < line_every) return;
    std::string text = progress_lines(model, wanted_charset());
    if (text.empty() || (model.silence() && text == last_)) return;
    printed_ = time;
    print(text);
    last_ = std::move(text);
  }

 private:
  const Clock& clock_;
  std::optional<Instant> printed_;
  std::string last_;
};

End show_lines(Events& events, Poller& poller, Model& model) {
  const SystemClock clock;
  Lines lines(clock);
  for (;;) {
    const Woken woken = events.wait(tick, poller.ready());
    if (woken == Woken::end) return End::left;
    if (woken == Woken::stop) Events::stop();
    std::optional<Answer> answer = poller.take();
    if (!answer) continue;
    const bool last = answer->last;
    model.take(std::move(*answer), clock.wall());
    const auto end = end_of(model, last, false);
    lines.print_when_due(model, end.has_value());
    if (end) return *end;
  }
}

}  // namespace

End run(StatusSource& source, const Settings& settings) {
  const bool on_terminal = can_redraw();
  Model model(model_settings(source, settings));
  Events events(on_terminal && ::isatty(STDIN_FILENO) == 1);
  Poller poller(source, settings.interval);
  if (!on_terminal) return show_lines(events, poller, model);
  const End end = show_picture(events, poller, model);
  // The picture went with the other screen; what it came to stays.
  if (settings.target) print(progress_lines(model, wanted_charset()));
  return end;
}

Once run_once(StatusSource& source, const Settings& settings) {
  constexpr std::size_t narrowest = 60;
  constexpr std::size_t widest = 120;
  Model model(model_settings(source, settings));
  model.take(source.ask(), SystemClock().wall());
  if (model.silence()) return {"", model.silence()->problem};
  const std::size_t columns = std::clamp(Terminal::size().columns, narrowest, widest);
  return {report(model, columns, wanted_charset()), ""};
}

}  // namespace sluice::engine::top
