// The terminal while the dashboard has it: another screen, no cursor, keys as they are pressed. Whatever ends
// the program's work there gives it back as it was: the end of the object does, also by an exception, and the
// signals that would end the process come as events instead.
#pragma once

#include <signal.h>
#include <termios.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "top/frame.hpp"

namespace sluice::engine::top {

enum class Woken : std::uint8_t {
  timeout,    // or a byte came to the other file
  keys,       // typed() has them
  resized,    // the terminal
  stop,       // as by Ctrl-Z: give the terminal back, then call stop()
  continued,  // after a stop
  end,        // a signal asks for it, or the terminal is gone
};

// The signals that would end or stop the process, and what is typed. Made before any other thread is started,
// so that all threads leave the signals to it; one thread waits.
class Events {
 public:
  explicit Events(bool keys);
  ~Events();
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  // Until something comes, a byte to the file `also` too, or the time is over.
  [[nodiscard]] Woken wait(milliseconds timeout, int also);
  [[nodiscard]] const std::string& typed() const noexcept { return typed_; }
  // The process group, until it is continued.
  static void stop();

 private:
  [[nodiscard]] Woken take_signal();
  [[nodiscard]] Woken take_keys();

  sigset_t watched_{};
  sigset_t before_{};
  int signals_ = -1;
  bool watch_keys_;
  std::string typed_;
};

class Terminal {
 public:
  // Throws std::system_error if standard output is no terminal.
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  [[nodiscard]] static Size size() noexcept;
  void write(std::string_view bytes);

 private:
  termios before_{};
};

// What the surroundings allow, by the usual variables and the locale.
[[nodiscard]] bool can_redraw();
[[nodiscard]] Colours wanted_colours();
[[nodiscard]] Charset wanted_charset();

}  // namespace sluice::engine::top
