#include "admin/sockets.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace sluice::engine {
namespace {

constexpr int backlog = 128;

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

[[noreturn]] void refuse(const ListenAddress& address, const std::string& why) {
  throw ConfigurationError("the admin endpoint cannot listen on " + to_text(address) + ": " + why +
                           "; set another address in engine.admin.listen or with --admin HOST:PORT");
}

Addresses resolve(const ListenAddress& address) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_PASSIVE;
  // Not left to a resolver: this name is taken for an address that only this machine can reach.
  const std::string host = address.host == "localhost" ? "127.0.0.1" : address.host;
  addrinfo* list = nullptr;
  if (const int failed = getaddrinfo(host.c_str(), std::to_string(address.port).c_str(), &hints, &list);
      failed != 0)
    refuse(address, gai_strerror(failed));
  return Addresses(list);
}

std::uint16_t port_of(int fd) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  if (bound.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&bound)->sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Listening listen_on(const ListenAddress& address) {
  const Addresses found = resolve(address);
  int error = 0;
  for (const addrinfo* one = found.get(); one != nullptr; one = one->ai_next) {
    Descriptor fd(socket(one->ai_family, one->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, one->ai_protocol));
    const int yes = 1;
    const bool ready = fd.valid() && setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                       bind(fd.get(), one->ai_addr, one->ai_addrlen) == 0 && listen(fd.get(), backlog) == 0;
    if (ready) {
      const std::uint16_t port = port_of(fd.get());
      return {std::move(fd), {address.host, port}};
    }
    error = errno;
  }
  refuse(address, std::generic_category().message(error));
}

Descriptor make_wakeup() {
  Descriptor wakeup(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!wakeup.valid())
    throw ConfigurationError("the admin endpoint cannot start: " + std::generic_category().message(errno));
  return wakeup;
}

}  // namespace sluice::engine
