// A proxy before a server of MongoDB's protocol that knows where messages end: it can pass a request on, let
// the server carry it out, and cut the connection before the answer; or change what is in the answers.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sluice::engine {

class MessageProxy {
 public:
  // Listens on a free port of 127.0.0.1 for as long as it lives.
  explicit MessageProxy(std::uint16_t server_port);
  ~MessageProxy();
  MessageProxy(const MessageProxy&) = delete;
  MessageProxy& operator=(const MessageProxy&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  enum class Cut : std::uint8_t { before_the_request, before_the_answer };
  // The next `times` requests of this command end their connection.
  void cut(Cut where, std::string command, int times);
  // How many of them are still to come.
  [[nodiscard]] int cuts_left() const;
  // In all answers from now on; both of one size.
  void rewrite(std::string_view from, std::string_view to);

 private:
  void accept_all();
  void serve(int client);
  [[nodiscard]] bool strike(const std::vector<char>& request, Cut& where);
  void rewrite(std::vector<char>& answer) const;

  std::uint16_t server_port_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::string command_;
  Cut where_ = Cut::before_the_answer;
  int times_ = 0;
  std::string from_;
  std::string to_;
  std::vector<std::thread> connections_;
  std::vector<int> sockets_;
  std::atomic<bool> closing_ = false;
  std::thread acceptor_;
};

}  // namespace sluice::engine
