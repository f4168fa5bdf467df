#include "top/terminal.hpp"

#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace sluice::engine::top {
namespace {

constexpr std::array watched{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT};

// The other screen, no cursor, no wrapping at the right edge; and back.
constexpr std::string_view enter = "\033[?1049h\033[?25l\033[?7l\033[2J";
constexpr std::string_view leave = "\033[0m\033[?7h\033[?25h\033[?1049l";

void write_all(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {
      pollfd ready{STDOUT_FILENO, POLLOUT, 0};
      if (::poll(&ready, 1, 1000) > 0) continue;
    }
    if (written <= 0) return;  // the terminal is gone; SIGHUP says so too
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool is_set(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

Events::Events(bool keys) : watch_keys_(keys) {
  sigemptyset(&watched_);
  for (const int signal : watched) sigaddset(&watched_, signal);
  pthread_sigmask(SIG_BLOCK, &watched_, &before_);
  signals_ = ::signalfd(-1, &watched_, SFD_NONBLOCK | SFD_CLOEXEC);
  if (signals_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

Events::~Events() {
  ::close(signals_);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

Woken Events::wait(milliseconds timeout, int also) {
  typed_.clear();
  std::array<pollfd, 3> from{
      {{signals_, POLLIN, 0}, {also, POLLIN, 0}, {watch_keys_ ? STDIN_FILENO : -1, POLLIN, 0}}};
  if (::poll(from.data(), from.size(), static_cast<int>(timeout.count())) <= 0) return Woken::timeout;
  if (from[0].revents != 0) return take_signal();
  return from[2].revents != 0 ? take_keys() : Woken::timeout;
}

Woken Events::take_signal() {
  signalfd_siginfo info{};
  if (::read(signals_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return Woken::timeout;
  switch (info.ssi_signo) {
    case SIGWINCH:
      return Woken::resized;
    case SIGCONT:
      return Woken::continued;
    case SIGTSTP:
      return Woken::stop;
    default:
      return Woken::end;
  }
}

Woken Events::take_keys() {
  std::array<char, 256> bytes;
  const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  if (count > 0) {
    typed_.assign(bytes.data(), static_cast<std::size_t>(count));
    return Woken::keys;
  }
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return Woken::timeout;
  watch_keys_ = false;
  return Woken::end;
}

void Events::stop() { ::kill(0, SIGSTOP); }

Terminal::Terminal() {
  if (::tcgetattr(STDOUT_FILENO, &before_) != 0)
    throw std::system_error(errno, std::generic_category(), "standard output is no terminal");
  termios raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // signals stay: Ctrl-C and Ctrl-Z do what they do
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  ::tcsetattr(STDOUT_FILENO, TCSADRAIN, &raw);
  write_all(enter);
}

Terminal::~Terminal() {
  write_all(leave);
  ::tcsetattr(STDOUT_FILENO, TCSADRAIN, &before_);
}

Size Terminal::size() noexcept {
  winsize window{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0) return {};
  return {window.ws_col, window.ws_row};
}

void Terminal::write(std::string_view bytes) { write_all(bytes); }

bool can_redraw() {
  const char* const kind = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb";
}

Colours wanted_colours() { return is_set("NO_COLOR") || !can_redraw() ? Colours::none : Colours::ansi; }

Charset wanted_charset() {
  const locale_t locale = ::newlocale(LC_CTYPE_MASK, "", nullptr);
  if (locale == nullptr) return Charset::ascii;
  const bool utf8 = std::string_view(::nl_langinfo_l(CODESET, locale)) == "UTF-8";
  ::freelocale(locale);
  return utf8 ? Charset::utf8 : Charset::ascii;
}

}  // namespace sluice::engine::top
