// What `sluice doctor` finds out about brokers, topics and the group. It joins no group, commits nothing,
// makes no topic and writes no record.
#pragma once

#include "core/connector.hpp"
#include "kafka/handle.hpp"
#include "kafka/metadata.hpp"

namespace sluice::engine::kafka {

void examine_source(const Options& options, const ConnectorContext& context,
                    Examination<Source>& examination);
void examine_dead_letters(const Options& options, const ConnectorContext& context,
                          Examination<DeadLetters>& examination);

// For both roles: a finding for each address. False when none answers.
[[nodiscard]] bool examine_brokers(const OptionTexts& brokers, const rd_kafka_conf_t& conf,
                                   milliseconds patience, Findings& findings);
// Whether the topic is there, or why that cannot be told. A broker that does not answer is waited for, a
// topic that is not there is not.
[[nodiscard]] TopicAnswer examine_topic(rd_kafka_t& client, const std::string& topic, milliseconds patience);
// What to do about what cannot be looked at: wait, or grant what it takes.
[[nodiscard]] std::string way_out(rd_kafka_resp_err_t error, std::string_view grant);
// A consumer without a subscription.
[[nodiscard]] Result<Client> examining_client(const rd_kafka_conf_t& conf);

}  // namespace sluice::engine::kafka
