#include "base/utf8.hpp"

#include <simdjson.h>

#include <cstdint>
#include <cstring>

#include "base/block.hpp"

namespace sluice::engine {
namespace {

// Of up to fifteen bytes, in words that overlap: a loop over so few would end where nobody expects it.
bool short_ascii(std::string_view text) noexcept {
  const auto at = [&](auto word, std::size_t place) {
    std::memcpy(&word, text.data() + place, sizeof word);
    return word;
  };
  if (text.size() >= 8)
    return ((at(std::uint64_t{}, 0) | at(std::uint64_t{}, text.size() - 8)) & 0x8080808080808080U) == 0;
  if (text.size() >= 4)
    return ((at(std::uint32_t{}, 0) | at(std::uint32_t{}, text.size() - 4)) & 0x80808080U) == 0;
  unsigned seen = 0;
  for (const char c : text) seen |= static_cast<unsigned char>(c);
  return seen < 0x80;
}

}  // namespace

// Most texts are short and ASCII: blocks of them are seen at once, the last overlapping the one before, and
// only what follows the first other byte is given to the validator of simdjson.
bool is_utf8(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  if (text.size() < Block::size) return short_ascii(text) || simdjson::validate_utf8(at, text.size());
  for (; static_cast<std::size_t>(end - at) >= Block::size; at += Block::size)
    if (Block(at).not_ascii() != 0) return simdjson::validate_utf8(at, static_cast<std::size_t>(end - at));
  if (Block(end - Block::size).not_ascii() == 0) return true;
  return simdjson::validate_utf8(at, static_cast<std::size_t>(end - at));
}

}  // namespace sluice::engine
