#include "decode/converted_text.hpp"

#include "decode/record_value.hpp"

namespace sluice::engine {

std::string_view ConvertedText::read(std::string_view raw) {
  if (raw.size() < 2 || (raw.front() != '"' && raw.front() != '{')) return raw;
  const bool quoted = raw.front() == '"' && raw.back() == '"';
  if (quoted && raw.find_first_of("\"\\", 1) == raw.size() - 1) return raw.substr(1, raw.size() - 2);

  if (!tokens_.open(raw)) return raw;
  const bool wrapped = enter_schema_wrapper(tokens_);
  if (!wrapped && raw.front() == '{') return raw;
  std::string_view text;
  const bool taken = tokens_.first() == '"' ? tokens_.take_text(text) : tokens_.take_value(text);
  if (!taken || !(wrapped ? leave_schema_wrapper(tokens_) : tokens_.take_end())) return raw;
  return text;
}

std::optional<std::string_view> find_header(std::span<const Header> headers, std::string_view name) {
  for (std::size_t i = headers.size(); i > 0; --i)
    if (headers[i - 1].name == name) return headers[i - 1].value;
  return std::nullopt;
}

}  // namespace sluice::engine
