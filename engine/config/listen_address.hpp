// Where the admin endpoint listens: "127.0.0.1:8083", "[::1]:8083", "localhost:0". A value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sluice::engine {

struct ListenAddress {
  std::string host;        // without brackets
  std::uint16_t port = 0;  // 0: a free one

  // Only this machine can reach it.
  [[nodiscard]] bool is_loopback() const noexcept;
};

[[nodiscard]] std::string to_text(const ListenAddress& address);

// An error says what is wrong and what would be right (configuration_invalid).
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text);

// An endpoint that others can reach needs a token (configuration_invalid).
[[nodiscard]] Result<void> expect_token(const ListenAddress& address, std::string_view token);

}  // namespace sluice::engine
