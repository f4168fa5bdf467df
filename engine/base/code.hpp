// The stable error codes of sluice: the one vocabulary of dead letters, metrics, logs and the command line.
// A code once released keeps its text. docs/errors.md is the list for people.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sluice::engine {

enum class Code : std::uint8_t {
  // A record that is no event: dead letter at once.
  decode_empty,
  decode_not_json,
  decode_not_utf8,
  decode_avro,
  decode_too_large,
  decode_too_deep,
  decode_too_many_keys,
  decode_duplicate_key,
  decode_reserved_name,
  decode_bad_number,
  decode_unknown_envelope,
  decode_missing_field,
  decode_bad_field,
  decode_row_updated,
  // An event without a handler, or one that its handler refuses: dead letter.
  route_no_match,
  handler_rejected,
  handler_threw,
  handler_invalid_change,
  // What a store or sink says of one change: dead letter.
  store_refused,
  store_conflict,
  sink_refused,
  wait_expired,
  // Out of reach: tried again for ever, never a dead letter.
  store_unavailable,
  sink_unavailable,
  source_unavailable,
  dead_letters_unavailable,
  // The pipeline stops.
  store_fatal,
  source_fatal,
  dead_letters_fatal,
  source_recreated,
  route_stop,
  breaker_open,
  plugin_refused,
  configuration_invalid,
  internal,
};

// The stages of Kafka Connect's header __connect.errors.stage.
enum class ConnectStage : std::uint8_t {
  kafka_consume,
  key_converter,
  value_converter,
  transformation,
  task_put
};

struct CodeInfo {
  Code code;
  std::string_view text;  // "decode.not_json"
  ConnectStage stage;
  std::string_view meaning;  // one line, what it says and what to do
};

[[nodiscard]] std::span<const CodeInfo> all_codes() noexcept;
[[nodiscard]] const CodeInfo& describe(Code code) noexcept;
[[nodiscard]] std::string_view to_text(Code code) noexcept;
[[nodiscard]] std::string_view to_text(ConnectStage stage) noexcept;  // "VALUE_CONVERTER"
[[nodiscard]] std::optional<Code> code_from(std::string_view text) noexcept;

}  // namespace sluice::engine
