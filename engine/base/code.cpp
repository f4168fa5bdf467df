#include "base/code.hpp"

#include <array>

namespace sluice::engine {
namespace {

using enum ConnectStage;

// In the order of the enum, which describe() relies on.
constexpr std::array codes{
    CodeInfo{Code::decode_empty, "decode.empty", value_converter,
             "the record's value or the payload is empty"},
    CodeInfo{Code::decode_not_json, "decode.not_json", value_converter, "the value is not valid JSON"},
    CodeInfo{Code::decode_not_utf8, "decode.not_utf8", value_converter, "the text is not valid UTF-8"},
    CodeInfo{Code::decode_avro, "decode.avro", value_converter,
             "the value is Avro, Protobuf or JSON Schema in the Confluent wire format; use a JSON converter"},
    CodeInfo{Code::decode_too_large, "decode.too_large", value_converter,
             "the value exceeds the limit of bytes"},
    CodeInfo{Code::decode_too_deep, "decode.too_deep", value_converter,
             "the JSON is nested beyond the limit"},
    CodeInfo{Code::decode_too_many_keys, "decode.too_many_keys", value_converter,
             "the JSON has more keys than the limit"},
    CodeInfo{Code::decode_duplicate_key, "decode.duplicate_key", value_converter,
             "an object of the JSON has one key twice"},
    CodeInfo{Code::decode_reserved_name, "decode.reserved_name", value_converter,
             "a name of the payload is kept for sluice (_sluice) or cannot be stored"},
    CodeInfo{Code::decode_bad_number, "decode.bad_number", value_converter,
             "a number of the payload fits no type of a document"},
    CodeInfo{Code::decode_unknown_envelope, "decode.unknown_envelope", value_converter,
             "the value is JSON, but not of the shape the pipeline's decoder reads"},
    CodeInfo{Code::decode_missing_field, "decode.missing_field", value_converter,
             "a column, field or header that the decoder needs is missing"},
    CodeInfo{Code::decode_bad_field, "decode.bad_field", value_converter,
             "a column, field or header that the decoder needs has a wrong type or value"},
    CodeInfo{Code::decode_row_updated, "decode.row_updated", value_converter,
             "an outbox row was updated, which an outbox forbids (on_update: error)"},
    CodeInfo{Code::route_no_match, "route.no_match", transformation,
             "no route takes this event type (otherwise: dead_letter)"},
    CodeInfo{Code::handler_rejected, "handler.rejected", transformation, "a handler refused the event"},
    CodeInfo{Code::handler_threw, "handler.threw", transformation,
             "a handler failed with an exception it did not mean: a bug of the plugin"},
    CodeInfo{Code::handler_invalid_change, "handler.invalid_change", transformation,
             "a handler returned a change that is not valid: a bug of the plugin"},
    CodeInfo{Code::store_refused, "store.refused", task_put, "the store refuses the change and always will"},
    CodeInfo{Code::store_conflict, "store.conflict", task_put,
             "the document to insert exists and comes from elsewhere"},
    CodeInfo{Code::sink_refused, "sink.refused", task_put, "the sink refuses the event and always will"},
    CodeInfo{Code::wait_expired, "wait.expired", task_put,
             "what the change waits for did not come within wait.for"},
    CodeInfo{Code::store_unavailable, "store.unavailable", task_put, "the store cannot be reached just now"},
    CodeInfo{Code::sink_unavailable, "sink.unavailable", task_put,
             "the sink's target cannot be reached just now"},
    CodeInfo{Code::source_unavailable, "source.unavailable", kafka_consume,
             "the source cannot be reached just now"},
    CodeInfo{Code::dead_letters_unavailable, "dead_letters.unavailable", task_put,
             "dead letters cannot be written just now; positions wait for them"},
    CodeInfo{Code::store_fatal, "store.fatal", task_put, "the store can never work as configured"},
    CodeInfo{Code::source_fatal, "source.fatal", kafka_consume, "the source can never work as configured"},
    CodeInfo{Code::dead_letters_fatal, "dead_letters.fatal", task_put,
             "dead letters can never be written as configured"},
    CodeInfo{Code::source_recreated, "source.recreated", kafka_consume,
             "the source is not the one the committed position belongs to"},
    CodeInfo{Code::route_stop, "route.stop", transformation,
             "no route takes this event type (otherwise: stop)"},
    CodeInfo{Code::breaker_open, "breaker.open", task_put, "too many dead letters: the pipeline was stopped"},
    CodeInfo{Code::plugin_refused, "plugin.refused", transformation, "a plugin cannot be used"},
    CodeInfo{Code::configuration_invalid, "configuration.invalid", transformation,
             "the configuration is wrong"},
    CodeInfo{Code::internal, "internal", transformation, "a bug of sluice: please report it"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < codes.size(); ++i)
    if (static_cast<std::size_t>(codes[i].code) != i) return false;
  return codes.size() == static_cast<std::size_t>(Code::internal) + 1;
}
static_assert(in_order());

}  // namespace

std::span<const CodeInfo> all_codes() noexcept { return codes; }

const CodeInfo& describe(Code code) noexcept { return codes[static_cast<std::size_t>(code)]; }

std::string_view to_text(Code code) noexcept { return describe(code).text; }

std::string_view to_text(ConnectStage stage) noexcept {
  switch (stage) {
    case kafka_consume:
      return "KAFKA_CONSUME";
    case key_converter:
      return "KEY_CONVERTER";
    case value_converter:
      return "VALUE_CONVERTER";
    case transformation:
      return "TRANSFORMATION";
    case task_put:
      return "TASK_PUT";
  }
  return "TASK_PUT";
}

std::optional<Code> code_from(std::string_view text) noexcept {
  for (const CodeInfo& info : codes)
    if (info.text == text) return info.code;
  return std::nullopt;
}

}  // namespace sluice::engine
