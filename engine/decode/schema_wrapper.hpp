// The wrapper {"schema":…,"payload":…} that Kafka Connect's JsonConverter puts around a value, just these two
// members in this order.
//
// The schema is most of such a text, and the same in record after record. What stood in front of the last
// payload is remembered, and a text that begins with the same bytes is read from behind them: they are
// compared, not read again.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "json/tokens.hpp"

namespace sluice::engine {

// For the texts of one place, a record's value or one of its headers; used by one thread.
class SchemaWrapper {
 public:
  // Opens the text and enters its wrapper, if it has one: the tokens stand at the payload then, else at the
  // first token. Errors of JsonTokens::open().
  [[nodiscard]] Result<void> open(std::string_view text, JsonTokens& tokens);
  // Whether the text at hand has one.
  [[nodiscard]] bool entered() const noexcept { return entered_; }
  // Takes what is behind the payload, or behind a text without a wrapper: the end.
  [[nodiscard]] bool leave(JsonTokens& tokens) const;

 private:
  bool entered_ = false;
  std::string known_;  // up to the payload; read once, and found good
};

}  // namespace sluice::engine
