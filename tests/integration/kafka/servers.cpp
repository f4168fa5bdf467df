#include "servers.hpp"

#include "support/shared_services.hpp"

namespace sluice::engine {
namespace {

const SharedServices servers{{"kafka"}};

}  // namespace

Services& kafka_services() { return *servers; }
std::string kafka_brokers() { return servers->address("KAFKA_BOOTSTRAP_SERVERS"); }

}  // namespace sluice::engine
