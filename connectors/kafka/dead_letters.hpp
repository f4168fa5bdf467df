// Dead letters in a topic: each the record as it came, key, value, headers and timestamp, beside its own
// headers those of Kafka Connect and ours (letters/error_headers.hpp). Its partition is left to its key.
//
// A letter is acknowledged by all replicas in sync when write() returns. Written by an idempotent producer,
// it is written twice only when an acknowledgement was lost and a later attempt had to begin anew; read()
// gives it once in any case.
#pragma once

#include "core/connector.hpp"
#include "kafka/letter_writer.hpp"

namespace sluice::engine::kafka {

struct LetterSettings {
  std::string topic;
  std::optional<TopicPlan> plan;
  OptionTexts brokers;
  Conf writer;
  Conf reader;
};
// Throws ConfigurationError.
[[nodiscard]] LetterSettings letter_settings(const Options& given, const ConnectorContext& context);

[[nodiscard]] RoleSpec<DeadLetters> dead_letters_role();

}  // namespace sluice::engine::kafka
