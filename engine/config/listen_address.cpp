#include "config/listen_address.hpp"

#include <charconv>

namespace sluice::engine {
namespace {

Error wrong(std::string_view text, std::string_view why) {
  return {Code::configuration_invalid, '"' + std::string(text) + "\" is no address to listen on: " +
                                           std::string(why) + "; write HOST:PORT, such as 127.0.0.1:8083"};
}

}  // namespace

bool ListenAddress::is_loopback() const noexcept {
  if (host == "localhost" || host == "::1") return true;
  // 127.0.0.0/8 in digits: a name such as 127.example.org is none.
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
}

std::string to_text(const ListenAddress& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? '[' + address.host + ']' : address.host) + ':' + std::to_string(address.port);
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong(text, "it has no port");
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty()) return wrong(text, "it has no host");
  if (!bracketed && host.find(':') != std::string_view::npos)
    return wrong(text, "an IPv6 address stands in brackets");
  ListenAddress address{std::string(host), 0};
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (failed != std::errc() || end != port.data() + port.size())
    return wrong(text, "the port is a number from 0 to 65535");
  return address;
}

Result<void> expect_token(const ListenAddress& address, std::string_view token) {
  if (address.is_loopback() || !token.empty()) return {};
  return Error{Code::configuration_invalid,
               "others can reach " + to_text(address) +
                   ", so the admin endpoint needs a token: set engine.admin.token, such as "
                   "\"${file:/run/secrets/sluice-token}\", or listen on 127.0.0.1"};
}

}  // namespace sluice::engine
