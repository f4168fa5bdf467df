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
  // Where the letters have brokers of their own, and the source takes in a topic of this name from its: by
  // which name or pattern, and how to reach them.
  std::string read_as{};
  Conf source{};
};
// Throws ConfigurationError, also where the pipeline would read its own letters: each that is applied would
// count once more, as the watermark of an event is that of its topic.
[[nodiscard]] LetterSettings letter_settings(const Options& given, const ConnectorContext& context);

// The same for letters with brokers of their own, which may be the source's by other names: the cluster
// knows. Asks brokers only where the name of the topic makes it possible.
[[nodiscard]] Result<void> check_apart_from_source(const LetterSettings& settings, milliseconds at_most);

[[nodiscard]] RoleSpec<DeadLetters> dead_letters_role();

}  // namespace sluice::engine::kafka
