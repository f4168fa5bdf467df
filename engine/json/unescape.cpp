#include "json/unescape.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/block.hpp"
#include "base/wide_block.hpp"

namespace sluice::engine {
namespace {

constexpr std::size_t width = 64;  // of the blocks that are looked at together
static_assert(width <= unescape_slack);

// One bit for each byte of the block that is a backslash. Payloads inside envelopes have an escape every few
// bytes, and a branch at each is what would cost most.
std::uint64_t backslashes(const char* block) noexcept {
  std::uint64_t mask = 0;
  for (std::size_t at = 0; at < width; at += Block::size)
    mask |= std::uint64_t{Block(block + at).where('\\')} << at;
  return mask;
}

// What the character behind a backslash stands for; zero for \u and what is no escape.
constexpr std::array<char, 256> simple_escapes = [] {
  std::array<char, 256> table{};
  table['"'] = '"';
  table['\\'] = '\\';
  table['/'] = '/';
  table['b'] = '\b';
  table['f'] = '\f';
  table['n'] = '\n';
  table['r'] = '\r';
  table['t'] = '\t';
  return table;
}();

constexpr std::uint32_t no_digit = 0xffffffffU;

std::uint32_t hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A' + 10);
  return no_digit;
}

// "\uXXXX" at the front of the text.
std::uint32_t code_unit(std::string_view text) noexcept {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return no_digit;
  std::uint32_t unit = 0;
  for (std::size_t i = 2; i < 6; ++i) {
    const std::uint32_t digit = hex_digit(text[i]);
    if (digit == no_digit) return no_digit;
    unit = unit * 16 + digit;
  }
  return unit;
}

char* append_utf8(std::uint32_t point, char* to) noexcept {
  const auto put = [&to](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | (point >> 6U));
    put(0x80 | (point & 0x3fU));
  } else if (point < 0x10000) {
    put(0xe0 | (point >> 12U));
    put(0x80 | ((point >> 6U) & 0x3fU));
    put(0x80 | (point & 0x3fU));
  } else {
    put(0xf0 | (point >> 18U));
    put(0x80 | ((point >> 12U) & 0x3fU));
    put(0x80 | ((point >> 6U) & 0x3fU));
    put(0x80 | (point & 0x3fU));
  }
  return to;
}

// A character as one \u escape or a pair of them: how many bytes were read, or none if it is wrong.
std::size_t unicode_escape(std::string_view text, char*& to) noexcept {
  std::uint32_t point = code_unit(text);
  if (point == no_digit || (point >= 0xdc00 && point < 0xe000)) return 0;
  std::size_t taken = 6;
  if (point >= 0xd800 && point < 0xdc00) {
    const std::uint32_t low = code_unit(text.substr(6));
    if (low < 0xdc00 || low >= 0xe000) return 0;
    point = 0x10000 + ((point - 0xd800) << 10U) + (low - 0xdc00);
    taken = 12;
  }
  to = append_utf8(point, to);
  return taken;
}

// In steps of 32 bytes, beyond the end if need be: runs between escapes are short.
char* copy_run(const char* from, std::size_t size, char* to) noexcept {
  constexpr std::size_t step = 32;
  static_assert(step <= unescape_slack);
  for (std::size_t copied = 0; copied < size; copied += step) std::memcpy(to + copied, from + copied, step);
  return to + size;
}

// Unescapes a block, and what an escape at its end takes of the bytes behind it. Returns where it has come
// to, or null if an escape is wrong.
const char* unescape_block(const char* block, const char* end, char*& to) noexcept {
  const char* done = block;
  std::uint64_t mask = backslashes(block);
  while (mask != 0) {
    const int bit = std::countr_zero(mask);
    const char* const at = block + bit;
    if (at + 1 >= end) break;
    to = copy_run(done, static_cast<std::size_t>(at - done), to);
    if (const char simple = simple_escapes[static_cast<unsigned char>(at[1])]; simple != 0) {
      *to++ = simple;
      done = at + 2;
      mask &= ~(std::uint64_t{3} << bit);  // the second may be a backslash, too
    } else {
      const std::size_t taken = unicode_escape({at, static_cast<std::size_t>(end - at)}, to);
      if (taken == 0) return nullptr;
      done = at + taken;
      const auto place = static_cast<std::size_t>(done - block);
      mask = place < width ? mask & (~std::uint64_t{0} << place) : 0;
    }
  }
  const char* const stop = block + std::min(width, static_cast<std::size_t>(end - block));
  if (done >= stop) return done;
  to = copy_run(done, static_cast<std::size_t>(stop - done), to);
  return stop;
}

#if defined(SLUICE_WIDE)
// Nearly all escapes of a payload inside an envelope are \", and to read one is to leave its backslash out,
// which is done for a block at once. Goes on until there is an escape of another kind, and returns where.
SLUICE_WIDE const char* squeeze(const char* at, const char* end, char*& to) noexcept {
  static_assert(width == WideBlock::size);
  while (at < end) {
    const WideBlock bytes(at);
    const std::uint64_t found = bytes.where('\\');
    // What the last byte of a block escapes is in the next one, which shall begin with it.
    const std::size_t size = std::min(width - (found >> 63U), static_cast<std::size_t>(end - at));
    const std::uint64_t of_text = WideBlock::first(size);
    const std::uint64_t escapes = found & of_text;
    if (((escapes << 1U) & ~(bytes.where('"') & of_text)) != 0) return at;
    const std::uint64_t kept = of_text & ~escapes;
    bytes.write(kept, to);
    to += std::popcount(kept);
    at += size;
  }
  return at;
}
#endif

}  // namespace

char* unescape_json(std::string_view text, char* to) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
#if defined(SLUICE_WIDE)
    if (has_wide_blocks) at = squeeze(at, end, to);
#endif
    if (at == end) return to;
    at = unescape_block(at, end, to);
    if (at == nullptr) return nullptr;
  }
}

}  // namespace sluice::engine
