// A connection to an endpoint of this machine, byte by byte.
#pragma once

#include <string>
#include <string_view>

#include "admin/sockets.hpp"

namespace sluice::engine {

class Client {
 public:
  explicit Client(std::uint16_t port);

  void send(std::string_view bytes) const;
  // What comes until the peer closes.
  [[nodiscard]] std::string read_all() const;
  // What comes until the answer holds the text, or the peer closes.
  [[nodiscard]] std::string read_until(std::string_view text) const;

 private:
  Descriptor socket_;
};

}  // namespace sluice::engine
