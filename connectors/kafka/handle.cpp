#include "kafka/handle.hpp"

#include <array>
#include <string>
#include <tuple>

namespace sluice::engine::kafka {

Result<Client> make_client(rd_kafka_type_t kind, Conf conf, Code code) {
  std::array<char, 512> reason{};
  Client client(rd_kafka_new(kind, conf.get(), reason.data(), reason.size()), ClientDeleter{});
  if (!client) return Error{code, "the Kafka client refuses its options: " + std::string(reason.data())};
  std::ignore = conf.release();  // the client's now
  return client;
}

}  // namespace sluice::engine::kafka
