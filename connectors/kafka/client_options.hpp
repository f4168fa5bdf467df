// What source and dead letters have in common: where the brokers are, how to be let in, and which further
// options of librdkafka pass through.
#pragma once

#include <string_view>
#include <vector>

#include "core/options.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

enum class ClientRole : std::uint8_t {
  source,
  letters,         // writes them
  letters_reader,  // of the same options: those that are only for writing are passed over
};

// The specs of brokers, tls…, sasl… and client, for a role's table of options.
[[nodiscard]] std::vector<OptionSpec> client_option_specs();

// `own`, but reaching the brokers as `other` does: what both roles have in common is taken from there.
[[nodiscard]] Options with_client_options_of(const Options& own, const Options& other);

// A configuration made of them. Throws ConfigurationError for what does not fit together, for an option that
// `client` may not have, with what to use instead, and for a value that librdkafka refuses. Reads no file.
[[nodiscard]] Conf make_client_conf(const Options& options, ClientRole role, std::string_view client_id);

// Sets what the connector itself decides; a value that librdkafka refuses throws ConfigurationError.
void set(rd_kafka_conf_t& conf, const std::string& name, const std::string& value);

}  // namespace sluice::engine::kafka
