#include "admin/endpoint.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "base/thread_name.hpp"

namespace sluice::engine {
namespace {

constexpr std::string_view head_end = "\r\n\r\n";
constexpr int wait_ms = 500;  // deadlines are looked at as often

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

Endpoint::Endpoint(const AdminConfig& config, std::vector<Page> pages, const Clock& clock,
                   const Limits& limits)
    : limits_(limits),
      clock_(clock),
      http_(std::move(pages), config.token, clock),
      listening_(listen_on(config.listen)),
      wakeup_(make_wakeup()),
      thread_([this] { serve(); }) {}

Endpoint::~Endpoint() { eventfd_write(wakeup_.get(), 1); }

void Endpoint::serve() {
  name_this_thread("admin");
  std::vector<pollfd> watched;
  while (true) {
    watched.clear();
    watched.push_back({wakeup_.get(), POLLIN, 0});
    watched.push_back({listening_.socket.get(), static_cast<short>(full_ ? 0 : POLLIN), 0});
    for (const Connection& connection : connections_)
      watched.push_back(
          {connection.socket.get(), static_cast<short>(connection.answer.empty() ? POLLIN : POLLOUT), 0});
    const int ready = poll(watched.data(), watched.size(), wait_ms);
    if (watched[0].revents != 0) return;
    full_ = false;
    if (ready < 0) continue;

    const Instant now = clock_.now();
    std::size_t at = 2;
    for (auto next = connections_.begin(); at < watched.size(); ++at) {
      const auto one = next++;
      bool open = one->deadline > now;
      if (open && watched[at].revents != 0) {
        open = one->answer.empty() ? receive(*one, now) : go_on(*one, now);
        if (open) connections_.splice(connections_.end(), connections_, one);
      }
      if (!open) connections_.erase(one);
    }
    if (watched[1].revents != 0) accept_all(now);
  }
}

void Endpoint::accept_all(Instant now) {
  // A flood waits its turn: whoever is connected is heard before the next lot comes in.
  for (std::size_t i = 0; i < limits_.connections / 4; ++i) {
    Descriptor socket(accept4(listening_.socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket.valid()) {
      full_ = !would_block();  // out of descriptors: looked at again a little later
      return;
    }
    make_room();
    connections_.push_back({std::move(socket), {}, {}, 0, false, now + limits_.request_time});
  }
}

void Endpoint::make_room() {
  if (connections_.size() >= limits_.connections) connections_.pop_front();
}

bool Endpoint::receive(Connection& connection, Instant now) {
  std::array<char, 4096> buffer{};
  const ssize_t count = recv(connection.socket.get(), buffer.data(), buffer.size(), 0);
  if (count < 0) return would_block();
  if (count == 0) return false;
  connection.request.append(buffer.data(), static_cast<std::size_t>(count));
  return go_on(connection, now);
}

// Sends what is to be sent and answers what is whole: a client need not wait for an answer to ask again.
bool Endpoint::go_on(Connection& connection, Instant now) {
  while (true) {
    if (!connection.answer.empty()) {
      if (!send(connection)) return false;
      if (!connection.answer.empty()) return true;  // the peer takes its time
      if (connection.closing) return false;
      connection.deadline = now + limits_.request_time;
    }
    const std::size_t end = connection.request.find(head_end);
    const std::size_t size = end == std::string::npos ? connection.request.size() : end + head_end.size();
    if (end == std::string::npos && size <= limits_.head_bytes) return true;
    const std::string_view head = std::string_view(connection.request).substr(0, size);
    Reply reply = size > limits_.head_bytes ? Http::too_large() : http_.answer(head);
    connection.request.erase(0, size);
    if (reply.bytes.empty()) return false;
    connection.answer = std::move(reply.bytes);
    connection.sent = 0;
    connection.closing = reply.close;
    connection.deadline = now + limits_.answer_time;
  }
}

bool Endpoint::send(Connection& connection) {
  const std::string_view left = std::string_view(connection.answer).substr(connection.sent);
  const ssize_t count = ::send(connection.socket.get(), left.data(), left.size(), MSG_NOSIGNAL);
  if (count < 0) return would_block();
  connection.sent += static_cast<std::size_t>(count);
  if (connection.sent < connection.answer.size()) return true;
  connection.answer.clear();
  if (connection.closing) take_rest(connection);
  return true;
}

// What the peer still sends would make the kernel reset the connection, and the answer would be lost with it.
void Endpoint::take_rest(const Connection& connection) {
  constexpr int most = 64;
  std::array<char, 4096> rest{};
  shutdown(connection.socket.get(), SHUT_WR);
  for (int i = 0; i < most; ++i)
    if (recv(connection.socket.get(), rest.data(), rest.size(), 0) <= 0) return;
}

}  // namespace sluice::engine
