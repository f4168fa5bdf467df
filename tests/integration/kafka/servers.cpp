#include "servers.hpp"

#include "support/shared_services.hpp"

namespace sluice::engine {
namespace {

// As a broker is by default: it makes a missing topic for a client that asks for it and does not say no.
const SharedServices servers{{"kafka", "--kafka-set", "auto.create.topics.enable=true"}};

}  // namespace

Services& kafka_services() { return *servers; }
std::string kafka_brokers() { return servers->address("KAFKA_BOOTSTRAP_SERVERS"); }

}  // namespace sluice::engine
