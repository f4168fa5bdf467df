// Tells the service manager that started this process how it stands, by systemd's protocol (sd_notify(3)):
// lines in a datagram to the socket that NOTIFY_SOCKET names. Started by anything else, it tells nothing.
//
// For one thread. Never blocks and never fails: what cannot be told is tried again with the next call, and
// logged once, as systemd will end a service that never becomes ready.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "observe/logging.hpp"

namespace sluice::engine {

class ServiceNotifier {
 public:
  // What the manager waits for. A process begins as starting, which nobody need be told; once it was ready it
  // is not starting again.
  enum class State : std::uint8_t { starting, ready, reloading, stopping };

  // A path, or a name that begins with '@' in the abstract namespace; empty: nobody wants to know. Without a
  // watchdog the manager expects no signs of life; with one, one in each such time.
  ServiceNotifier(std::string socket, std::optional<microseconds> watchdog, Log log);
  // As NOTIFY_SOCKET and WATCHDOG_USEC say. WATCHDOG_PID may say that they mean another process.
  [[nodiscard]] static ServiceNotifier of_environment(Log log);
  ~ServiceNotifier();
  ServiceNotifier(ServiceNotifier&& other) noexcept;
  ServiceNotifier(const ServiceNotifier&) = delete;
  ServiceNotifier& operator=(const ServiceNotifier&) = delete;
  ServiceNotifier& operator=(ServiceNotifier&&) = delete;

  // Whether there is somebody who wants to know.
  [[nodiscard]] bool wanted() const noexcept { return !socket_.empty(); }

  // Each is told when it differs from what was told last, so these may be called as often as one likes.
  void tell(State state);
  void tell_status(std::string_view text);  // one line, for `systemctl status`
  // Twice in each of the watchdog's times.
  void tell_alive(Instant now);

 private:
  [[nodiscard]] bool send(const std::string& lines);

  std::string socket_;
  std::optional<microseconds> watchdog_;
  Log log_;
  int descriptor_ = -1;
  State state_ = State::starting;
  std::string status_;
  std::optional<Instant> alive_;
  bool failed_ = false;
};

}  // namespace sluice::engine
