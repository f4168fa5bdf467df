#include "supervisor/service_notifier.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>

namespace sluice::engine {
namespace {

std::string_view from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

// systemd 253 and later pair a reload with the signal that asked for it by this clock.
std::string monotonic_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::to_string(static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000);
}

std::string lines_of(ServiceNotifier::State state) {
  switch (state) {
    case ServiceNotifier::State::starting:
      return "";
    case ServiceNotifier::State::ready:
      return "READY=1";
    case ServiceNotifier::State::reloading:
      return "RELOADING=1\nMONOTONIC_USEC=" + monotonic_microseconds();
    case ServiceNotifier::State::stopping:
      return "STOPPING=1";
  }
  return "";
}

}  // namespace

ServiceNotifier::ServiceNotifier(std::string socket, std::optional<microseconds> watchdog, Log log)
    : socket_(std::move(socket)), watchdog_(watchdog), log_(std::move(log)) {
  if (wanted()) descriptor_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

ServiceNotifier ServiceNotifier::of_environment(Log log) {
  std::optional<microseconds> watchdog;
  const auto meant = number(from_environment("WATCHDOG_PID"));
  if (!meant || *meant == getpid())
    if (const auto time = number(from_environment("WATCHDOG_USEC"))) watchdog = microseconds(*time);
  return {std::string(from_environment("NOTIFY_SOCKET")), watchdog, std::move(log)};
}

ServiceNotifier::ServiceNotifier(ServiceNotifier&& other) noexcept
    : socket_(std::move(other.socket_)),
      watchdog_(other.watchdog_),
      log_(std::move(other.log_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      state_(other.state_),
      status_(std::move(other.status_)),
      alive_(other.alive_),
      failed_(other.failed_) {}

ServiceNotifier::~ServiceNotifier() {
  if (descriptor_ >= 0) close(descriptor_);
}

void ServiceNotifier::tell(State state) {
  if (state == state_ || state == State::starting || !wanted()) return;
  if (send(lines_of(state))) state_ = state;
}

void ServiceNotifier::tell_status(std::string_view text) {
  if (text == status_ || !wanted()) return;
  std::string line(text);
  for (char& letter : line)
    if (letter == '\n') letter = ' ';  // a line break would begin another variable
  if (send("STATUS=" + line)) status_ = text;
}

void ServiceNotifier::tell_alive(Instant now) {
  if (!watchdog_ || !wanted()) return;
  if (alive_ && now - *alive_ < *watchdog_ / 2) return;
  if (send("WATCHDOG=1")) alive_ = now;
}

bool ServiceNotifier::send(const std::string& lines) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  bool sent = false;
  errno = ENAMETOOLONG;
  if (socket_.size() < sizeof address.sun_path) {
    std::memcpy(address.sun_path, socket_.data(), socket_.size());
    if (socket_.front() == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
    sent = sendto(descriptor_, lines.data(), lines.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&address), length) >= 0;
  }
  if (!sent && !failed_)
    log_->warn("the service manager cannot be told at NOTIFY_SOCKET={}: {}", socket_, std::strerror(errno));
  failed_ = !sent;
  return sent;
}

}  // namespace sluice::engine
