#include "json/unescape.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/block.hpp"

namespace sluice::engine {
namespace {

// One bit for each of the 64 bytes that is a backslash. Payloads inside envelopes have an escape every few
// bytes, and a branch at each is what would cost most.
std::uint64_t backslashes(const char* bytes) noexcept {
  std::uint64_t mask = 0;
  for (std::size_t at = 0; at < 64; at += Block::size)
    mask |= std::uint64_t{Block(bytes + at).where('\\')} << at;
  return mask;
}

// What of a block's mask is at or behind a place in the text.
std::uint64_t from(std::size_t place, std::size_t block, std::uint64_t mask) noexcept {
  if (place <= block) return mask;
  return place - block < 64 ? mask & (~std::uint64_t{0} << (place - block)) : 0;
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

}  // namespace

char* unescape_json(std::string_view text, char* to) noexcept {
  constexpr std::size_t block_size = 64;
  static_assert(block_size <= unescape_slack);
  std::size_t done = 0;  // of the text
  for (std::size_t block = 0; block < text.size(); block += block_size) {
    // The end of the last escape may lie in this block or behind it.
    std::uint64_t mask = from(done, block, backslashes(text.data() + block));
    while (mask != 0) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(mask));
      const std::size_t at = block + bit;
      if (at + 1 >= text.size()) break;
      to = copy_run(text.data() + done, at - done, to);
      if (const char simple = simple_escapes[static_cast<unsigned char>(text[at + 1])]; simple != 0) {
        *to++ = simple;
        done = at + 2;
        mask &= ~(std::uint64_t{3} << bit);  // the second may be a backslash, too
      } else {
        const std::size_t taken = unicode_escape(text.substr(at), to);
        if (taken == 0) return nullptr;
        done = at + taken;
        mask = from(done, block, mask);
      }
    }
  }
  return copy_run(text.data() + done, text.size() - done, to);
}

}  // namespace sluice::engine
