#include "kafka/handle.hpp"

#include <array>
#include <string>
#include <string_view>
#include <tuple>

namespace sluice::engine::kafka {
namespace {

// The client names its own options, and of a wrong password it says nothing more than that the key failed.
std::string_view way_out(std::string_view reason) noexcept {
  if (reason.starts_with("ssl.ca.")) return "; check that tls_ca is a file of certificates";
  if (reason.starts_with("ssl.certificate.")) return "; check that tls_cert is a certificate";
  if (reason.starts_with("ssl.key."))
    return "; check that tls_key is the key of tls_cert, and that tls_key_password is its password";
  return {};
}

}  // namespace

Result<Client> make_client(rd_kafka_type_t kind, Conf conf, Code code) {
  std::array<char, 512> reason{};
  Client client(rd_kafka_new(kind, conf.get(), reason.data(), reason.size()), ClientDeleter{});
  if (!client)
    return Error{code, "the Kafka client refuses its options: " + std::string(reason.data()) +
                           std::string(way_out(reason.data()))};
  std::ignore = conf.release();  // the client's now
  return client;
}

}  // namespace sluice::engine::kafka
