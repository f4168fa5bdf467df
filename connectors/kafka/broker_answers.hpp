// Whether each of the addresses that a configuration names answers by itself: a client that is given them all
// is content with one.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "core/options.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

struct BrokerAnswer {
  std::string address;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string reason;  // of an error, in the client's words
};

// Asks all at the same time, with the credentials of `conf`; blocks up to the bound.
[[nodiscard]] std::vector<BrokerAnswer> ask_each_broker(const OptionTexts& brokers,
                                                        const rd_kafka_conf_t& conf, milliseconds at_most);

}  // namespace sluice::engine::kafka
