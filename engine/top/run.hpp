// The dashboard at work: on a terminal a picture that is drawn anew as the status changes, elsewhere a line a
// second.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "top/source.hpp"

namespace sluice::engine::top {

struct Settings {
  std::string pipeline;                 // only this one; empty: all
  std::optional<std::uint64_t> target;  // ends when so many events are settled
  milliseconds interval{500};           // between two questions
};

enum class End : std::uint8_t {
  left,            // by a key or a signal
  target_reached,  //
  drained,         // before the target was reached, without one only where there is no terminal
  failed,
  breaker_open,
  last_answer,  // the source has no more
};

// Blocks until one of these. Takes the terminal, the keys and the process's signals meanwhile: call it on the
// main thread, before others are started.
[[nodiscard]] End run(StatusSource& source, const Settings& settings);

// All there is, once, as text, into `text`; or the reason why there is nothing.
struct Once {
  std::string text;
  std::string problem;
};
[[nodiscard]] Once run_once(StatusSource& source, const Settings& settings);

}  // namespace sluice::engine::top
