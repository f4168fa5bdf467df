#include "support/message_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace sluice::engine {
namespace {

class Socket {
 public:
  explicit Socket(int descriptor) noexcept : descriptor_(descriptor) {}
  ~Socket() { close(descriptor_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

sockaddr_in loopback(std::uint16_t port) noexcept {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

const sockaddr* plain(const sockaddr_in& address) noexcept {
  return reinterpret_cast<const sockaddr*>(&address);
}

bool read_all(int from, char* to, std::size_t size) noexcept {
  while (size > 0) {
    const ssize_t got = recv(from, to, size, 0);
    if (got <= 0) return false;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

// A message begins with its length, little-endian, itself included.
bool read_message(int from, std::vector<char>& message) {
  std::uint32_t length = 0;
  char head[sizeof length];
  if (!read_all(from, head, sizeof head)) return false;
  std::memcpy(&length, head, sizeof head);
  if (length < sizeof head || length > (48U << 20U)) return false;
  message.resize(length);
  std::memcpy(message.data(), head, sizeof head);
  return read_all(from, message.data() + sizeof head, length - sizeof head);
}

bool send_message(int to, const std::vector<char>& message) noexcept {
  std::size_t sent = 0;
  while (sent < message.size()) {
    const ssize_t part = send(to, message.data() + sent, message.size() - sent, MSG_NOSIGNAL);
    if (part <= 0) return false;
    sent += static_cast<std::size_t>(part);
  }
  return true;
}

void without_delay(int socket) noexcept {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

MessageProxy::MessageProxy(std::uint16_t server_port)
    : server_port_(server_port), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  const bool listens = listener_ >= 0 && bind(listener_, plain(address), size) == 0 &&
                       listen(listener_, 64) == 0 &&
                       getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!listens) throw std::runtime_error(std::string("the proxy cannot listen: ") + std::strerror(errno));
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

MessageProxy::~MessageProxy() {
  closing_ = true;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int open : sockets_) shutdown(open, SHUT_RDWR);
  }
  for (std::thread& connection : connections_) connection.join();
  close(listener_);
}

void MessageProxy::cut(Cut where, std::string command, int times) {
  const std::lock_guard lock(mutex_);
  where_ = where;
  command_ = std::move(command);
  times_ = times;
}

void MessageProxy::rewrite(std::string_view from, std::string_view to) {
  if (from.size() != to.size()) throw std::logic_error("a message says its own size, which cannot change");
  const std::lock_guard lock(mutex_);
  from_ = from;
  to_ = to;
}

void MessageProxy::rewrite(std::vector<char>& answer) const {
  const std::lock_guard lock(mutex_);
  if (from_.empty()) return;
  for (auto at = answer.begin();;) {
    at = std::search(at, answer.end(), from_.begin(), from_.end());
    if (at == answer.end()) return;
    at = std::copy(to_.begin(), to_.end(), at);
  }
}

int MessageProxy::cuts_left() const {
  const std::lock_guard lock(mutex_);
  return times_;
}

void MessageProxy::accept_all() {
  while (!closing_) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    connections_.emplace_back([this, client] { serve(client); });
  }
}

// Requests and answers take turns, as libmongoc speaks when it writes; its monitors, to which a server may
// send several answers for one request, say so by a flag that no server needs to heed.
void MessageProxy::serve(int client_descriptor) {
  const Socket client(client_descriptor);
  const Socket server(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(server_port_);
  if (connect(server.get(), plain(address), sizeof address) != 0) return;
  without_delay(client.get());
  without_delay(server.get());
  {
    const std::lock_guard lock(mutex_);
    sockets_.insert(sockets_.end(), {client.get(), server.get()});
  }
  // Answers flow on their own, so that the server may send as many as it likes.
  std::atomic<bool> drop = false;
  std::atomic<bool> dropped = false;
  std::thread answers([&] {
    std::vector<char> answer;
    while (read_message(server.get(), answer)) {
      if (drop) {
        dropped = true;
        dropped.notify_all();
        break;
      }
      rewrite(answer);
      if (!send_message(client.get(), answer)) break;
    }
    dropped = true;
    dropped.notify_all();
    shutdown(client.get(), SHUT_RDWR);
  });
  std::vector<char> request;
  while (read_message(client.get(), request)) {
    Cut where{};
    const bool strikes = strike(request, where);
    if (strikes && where == Cut::before_the_request) break;
    if (strikes) drop = true;
    if (!send_message(server.get(), request)) break;
    if (!strikes) continue;
    dropped.wait(false);
    break;
  }
  shutdown(server.get(), SHUT_RDWR);
  answers.join();
  const std::lock_guard lock(mutex_);
  std::erase_if(sockets_, [&](int open) { return open == client.get() || open == server.get(); });
}

// The command's name is the first field of the message's document: \x02 name \0 before a collection, \x10
// before a number.
bool MessageProxy::strike(const std::vector<char>& request, Cut& where) {
  const std::lock_guard lock(mutex_);
  if (times_ == 0) return false;
  const auto head = request.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(request.size(), 80));
  const auto stands_there = [&](char type) {
    const std::string name = type + command_ + std::string(1, '\0');
    return std::search(request.begin(), head, name.begin(), name.end()) != head;
  };
  if (!stands_there('\x02') && !stands_there('\x10')) return false;
  --times_;
  where = where_;
  return true;
}

}  // namespace sluice::engine
