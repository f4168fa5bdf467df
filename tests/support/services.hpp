// The real servers of a test: Kafka, PostgreSQL, Connect with Debezium, MongoDB, as tools/services/up starts
// them.
//
// Each is a process on 127.0.0.1 with a folder and ports of its own; all end with this object, and also when
// the test program is killed. For one thread at a time. A server that does not start, or an unknown name,
// throws std::runtime_error with what was answered; the servers' own words are on standard error.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::engine {

class Services {
 public:
  // Starts all and waits until each has answered a real request. The arguments are those of
  // tools/services/up: Services{{"kafka", "mongodb"}}, Services{{"kafka", "--secure"}}.
  explicit Services(const std::vector<std::string>& arguments);
  ~Services();
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  // What tools/services/up printed, such as address("KAFKA_BOOTSTRAP_SERVERS"), address("MONGODB_URI").
  [[nodiscard]] const std::string& address(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& addresses() const noexcept {
    return addresses_;
  }

  // The number of the server's process now. A server of several processes is stopped, killed and frozen as a
  // whole.
  [[nodiscard]] pid_t pid(std::string_view server);

  void stop(std::string_view server);     // SIGTERM, and waits for its end
  void kill(std::string_view server);     // SIGKILL, and waits for its end
  void start(std::string_view server);    // again on the same ports and data, and waits for its answer
  void restart(std::string_view server);  // stop and start
  void freeze(std::string_view server);   // SIGSTOP
  void thaw(std::string_view server);     // SIGCONT

 private:
  pid_t command(std::string_view word, std::string_view server);
  [[nodiscard]] std::string read_line();
  void read_addresses();
  void end() noexcept;

  pid_t process_ = -1;
  int commands_ = -1;  // a socket, the program's standard input: its end stops the servers
  int answers_ = -1;
  std::string unread_;
  std::map<std::string, std::string, std::less<>> addresses_;
};

}  // namespace sluice::engine
