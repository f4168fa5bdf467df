// The admin endpoint: one thread serves all connections, none of which can hold up another or the pipelines.
//
// A connection costs a descriptor and a small buffer; nothing blocks on it. Requests are gathered until their
// head is whole, with a limit on size and time, and answered from memory. When all places are taken, the
// connection that has been silent longest makes room: a probe gets through whatever else knocks.
#pragma once

#include <list>
#include <string>
#include <thread>
#include <vector>

#include "admin/http.hpp"
#include "admin/page.hpp"
#include "admin/sockets.hpp"
#include "base/time.hpp"
#include "config/config.hpp"

namespace sluice::engine {

class Endpoint {
 public:
  struct Limits {
    std::size_t connections = 128;
    std::size_t head_bytes = 16'384;
    milliseconds request_time{5'000};  // from a connection's or request's beginning to its whole head
    milliseconds answer_time{10'000};  // for the peer to take an answer
  };

  // Listens at once, answers from now on. The pages' functions and the clock outlive the endpoint. Throws
  // ConfigurationError when the address cannot be had.
  Endpoint(const AdminConfig& config, std::vector<Page> pages, const Clock& clock)
      : Endpoint(config, std::move(pages), clock, Limits()) {}
  Endpoint(const AdminConfig& config, std::vector<Page> pages, const Clock& clock, const Limits& limits);
  // Drops whatever is connected.
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  // With the port it got.
  [[nodiscard]] const ListenAddress& address() const noexcept { return listening_.address; }

 private:
  struct Connection {
    Descriptor socket;
    std::string request;  // what has come of it
    std::string answer;   // what is still to be sent
    std::size_t sent = 0;
    bool closing = false;  // after the answer
    Instant deadline{};
  };

  void serve();
  void accept_all(Instant now);
  void make_room();
  // False when the connection is at its end.
  [[nodiscard]] bool receive(Connection& connection, Instant now);
  [[nodiscard]] bool go_on(Connection& connection, Instant now);
  [[nodiscard]] static bool send(Connection& connection);
  static void take_rest(const Connection& connection);

  const Limits limits_;
  const Clock& clock_;
  Http http_;
  Listening listening_;
  Descriptor wakeup_;
  std::list<Connection> connections_;  // the one that moved last is last
  bool full_ = false;                  // no descriptor was left for another
  std::jthread thread_;
};

}  // namespace sluice::engine
