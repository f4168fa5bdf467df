#include "decode/schema_wrapper.hpp"

namespace sluice::engine {
namespace {

constexpr std::size_t most_remembered = std::size_t{256} << 10U;

// True when the tokens stand at the payload of an object that has a schema before it, and nothing behind it.
bool enter(JsonTokens& tokens) {
  std::string_view name;
  std::string_view schema;
  return tokens.take('{') && tokens.token() == "\"schema\"" && tokens.take_name(name) &&
         (tokens.first() == '{' || tokens.first() == 'n') && tokens.take_value(schema) && tokens.take(',') &&
         tokens.token() == "\"payload\"" && tokens.take_name(name) && tokens.at_last_member();
}

}  // namespace

Result<void> SchemaWrapper::open(std::string_view text, JsonTokens& tokens) {
  entered_ = !known_.empty() && text.starts_with(known_) && tokens.open(text, known_.size()) &&
             tokens.at_last_member();
  if (entered_) return {};

  if (auto opened = tokens.open(text); !opened) return opened;
  const JsonTokens::Mark start = tokens.mark();
  entered_ = enter(tokens);
  if (!entered_)
    tokens.rewind(start);
  else if (const std::string_view before = text.substr(0, tokens.place()); before.size() <= most_remembered)
    known_ = before;
  return {};
}

bool SchemaWrapper::leave(JsonTokens& tokens) const {
  if (entered_ && !tokens.take('}'))
    return tokens.expected("'}' at the end of {\"schema\": …, \"payload\": …}");
  return tokens.take_end();
}

}  // namespace sluice::engine
