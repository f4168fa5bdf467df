#include "decode/formats/envelope.hpp"

#include "base/word.hpp"

namespace sluice::engine {

Field* Envelope::find(std::string_view name) noexcept {
  if (is(name, "op")) return &op;
  if (is(name, "ts_ms")) return &ts_ms;
  if (is(name, "ts_us")) return &ts_us;
  if (is(name, "status")) return &status;
  if (is(name, "event_count")) return &event_count;
  if (!name.starts_with("__")) return nullptr;
  if (is(name, "__op")) return &flat_op;
  if (is(name, "__deleted")) return &flat_deleted;
  if (is(name, "__ts_ms")) return &flat_ts_ms;
  return nullptr;
}

bool EnvelopeReader::read(JsonTokens& tokens, Envelope& envelope) {
  if (!is(tokens.token(), "null")) return read_members(tokens, envelope);
  envelope.is_null = true;
  tokens.advance();
  return true;
}

bool EnvelopeReader::read_members(JsonTokens& tokens, Envelope& envelope) {
  if (tokens.first() != '{') {
    std::string_view value;
    if (!tokens.take_value(value) || !tokens.take_end()) return false;
    return tokens.fail(Code::decode_unknown_envelope,
                       "the value is no object: expected Debezium's envelope or a row of the outbox");
  }
  tokens.advance();
  if (tokens.take('}')) return true;
  for (bool more = true; more; ++envelope.members) {
    std::string_view name;
    if (!tokens.take_name(name)) return false;
    std::string_view passed_over;
    if (is(name, "after")) {
      if (!read_after(tokens, envelope)) return false;
    } else if (is(name, "source") && with_source_) {
      if (!envelope.source.take(tokens)) return false;
    } else if (Field* field = envelope.find(name); field != nullptr) {
      if (!take_field(tokens, name, *field)) return false;
    } else if (Field* column = columns_.find(name, envelope.flat_row); column != nullptr) {
      envelope.has_flat_row = true;
      if (!take_field(tokens, name, *column)) return false;
    } else if (!tokens.take_value(passed_over)) {
      return false;
    }
    if (!tokens.take_separator('}', more)) return false;
  }
  return true;
}

bool EnvelopeReader::read_after(JsonTokens& tokens, Envelope& envelope) {
  if (envelope.has_after) return tokens.fail(Code::decode_duplicate_key, "the name 'after' occurs twice");
  std::string_view passed_over;
  if (tokens.first() != '{') return tokens.take_value(passed_over);
  envelope.has_after = true;
  tokens.advance();
  if (tokens.take('}')) return true;
  for (bool more = true; more;) {
    std::string_view name;
    if (!tokens.take_name(name)) return false;
    if (Field* column = columns_.find(name, envelope.row); column != nullptr) {
      if (!take_field(tokens, name, *column)) return false;
    } else if (!tokens.take_value(passed_over)) {
      return false;
    }
    if (!tokens.take_separator('}', more)) return false;
  }
  return true;
}

}  // namespace sluice::engine
