// Descriptors that close themselves, and the socket that an endpoint listens on.
#pragma once

#include <string>
#include <utility>

#include "config/listen_address.hpp"

namespace sluice::engine {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

struct Listening {
  Descriptor socket;      // does not block
  ListenAddress address;  // with the port it got
};

// Throws ConfigurationError: the address is in use, not ours, or no address at all.
[[nodiscard]] Listening listen_on(const ListenAddress& address);

// Wakes a thread that polls.
[[nodiscard]] Descriptor make_wakeup();

}  // namespace sluice::engine
