#include "decode/converted_text.hpp"

namespace sluice::engine {

std::string_view ConvertedText::read(std::string_view raw) {
  if (raw.size() < 2 || (raw.front() != '"' && raw.front() != '{')) return raw;
  const bool quoted = raw.front() == '"' && raw.back() == '"';
  if (quoted && raw.find_first_of("\"\\", 1) == raw.size() - 1) return raw.substr(1, raw.size() - 2);

  if (!wrapper_.open(raw, tokens_)) return raw;
  if (!wrapper_.entered() && raw.front() == '{') return raw;
  std::string_view text;
  const bool taken = tokens_.first() == '"' ? tokens_.take_text(text) : tokens_.take_value(text);
  return taken && wrapper_.leave(tokens_) ? text : raw;
}

std::optional<std::string_view> find_header(std::span<const Header> headers, std::string_view name) {
  for (std::size_t i = headers.size(); i > 0; --i)
    if (headers[i - 1].name == name) return headers[i - 1].value;
  return std::nullopt;
}

}  // namespace sluice::engine
