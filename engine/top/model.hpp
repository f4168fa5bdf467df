// What the dashboard knows: the last status, what came before it, whether the engine still answers, and what
// the person at the keys has chosen. No I/O and no clock of its own; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "top/keys.hpp"
#include "top/status.hpp"

namespace sluice::engine::top {

// One sample for each status, the newest last.
struct History {
  static constexpr std::size_t kept = 512;  // more than the columns of any chart

  std::deque<double> rate;        // events per second
  std::deque<double> latency_ms;  // mean of the events since the sample before
};

// When and why nothing new came.
struct Silence {
  Timestamp since;
  Timestamp now;
  std::string problem;
};

struct ModelSettings {
  std::string where;                    // an address or a file, for people
  std::string pipeline;                 // only this one; empty: all
  std::optional<std::uint64_t> target;  // events of the pipelines that are shown
};

class Model {
 public:
  explicit Model(ModelSettings settings) : settings_(std::move(settings)) {}

  void take(Answer answer, Timestamp now);
  void press(const KeyPress& key);

  [[nodiscard]] const ModelSettings& settings() const noexcept { return settings_; }
  // Null before the first answer.
  [[nodiscard]] const Status* status() const noexcept;
  // Null while there is none.
  [[nodiscard]] const Pipeline* chosen() const noexcept;
  [[nodiscard]] std::size_t chosen_index() const noexcept;
  [[nodiscard]] const History& history(const Pipeline& pipeline) const;
  [[nodiscard]] const std::optional<Silence>& silence() const noexcept { return live_.silence; }

  [[nodiscard]] bool frozen() const noexcept { return frozen_.has_value(); }
  [[nodiscard]] bool help() const noexcept { return help_; }
  [[nodiscard]] bool left() const noexcept { return left_; }
  // Of the newest status, also while frozen.
  [[nodiscard]] bool target_reached() const noexcept;
  [[nodiscard]] bool engine_ended() const noexcept;
  // Null before the first answer.
  [[nodiscard]] const Status* newest() const noexcept;

 private:
  // How a pipeline's latencies stood when it was last looked at.
  struct Seen {
    std::uint64_t count = 0;
    double average = 0;
  };
  struct Picture {
    std::optional<Status> status;
    std::map<std::string, History> histories;
    std::optional<Silence> silence;
  };

  [[nodiscard]] const Picture& picture() const noexcept { return frozen_ ? *frozen_ : live_; }
  [[nodiscard]] std::string keep_the_wanted(Status& status) const;
  void remember(const Pipeline& pipeline);
  void silent(std::string problem, Timestamp since, Timestamp now);

  ModelSettings settings_;
  Picture live_;
  std::optional<Picture> frozen_;
  std::map<std::string, Seen> seen_;
  Timestamp news_{};    // when the last status came that was not the one before
  std::string chosen_;  // id; empty: the first
  bool help_ = false;
  bool left_ = false;
};

}  // namespace sluice::engine::top
