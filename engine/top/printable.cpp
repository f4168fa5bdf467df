#include "top/printable.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sluice::engine::top {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Every terminal shows these in one column. Left out are combining and invisible characters, right-to-left
// scripts, and what East Asian terminals may show in two.
constexpr std::array narrow{
    Range{0x20, 0x7e},     Range{0xa1, 0xac},     Range{0xae, 0x2ff},    Range{0x370, 0x377},
    Range{0x37a, 0x37f},   Range{0x384, 0x38a},   Range{0x38c, 0x38c},   Range{0x38e, 0x3a1},
    Range{0x3a3, 0x482},   Range{0x48a, 0x52f},   Range{0x531, 0x556},   Range{0x1e00, 0x1eff},
    Range{0x2010, 0x2027}, Range{0x2030, 0x205e}, Range{0x20a0, 0x20bf}, Range{0x2190, 0x2193},
    Range{0x2200, 0x22ff}, Range{0x2500, 0x259f}, Range{0x25cf, 0x25cf},
};

// And these in two.
constexpr std::array wide{
    Range{0x3041, 0x3096}, Range{0x309b, 0x30ff}, Range{0x3400, 0x4dbf},
    Range{0x4e00, 0x9fff}, Range{0xac00, 0xd7a3}, Range{0xff01, 0xff60},
};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t character) noexcept {
  return std::ranges::any_of(
      ranges, [=](Range range) { return range.first <= character && character <= range.last; });
}

struct Decoded {
  char32_t character;
  std::size_t bytes;  // 0: not UTF-8
};

Decoded decode_utf8(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {lead, 0};
  char32_t character = lead & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80) return {lead, 0};
    character = character << 6U | (byte & 0x3fU);
  }
  const bool overlong = (bytes == 3 && character < 0x800) || (bytes == 4 && character < 0x10000);
  const bool surrogate = character >= 0xd800 && character <= 0xdfff;
  return {character, overlong || surrogate || character > 0x10ffff ? 0 : bytes};
}

void append_ascii(std::u32string& out, std::string_view text) {
  for (const char letter : text) out += static_cast<char32_t>(letter);
}

std::string hex(std::uint32_t number, std::size_t digits) {
  std::string text;
  for (; number > 0 || text.size() < digits; number >>= 4U)
    text.insert(0, 1, "0123456789ABCDEF"[number & 15U]);
  return text;
}

void append_escape(std::u32string& out, char32_t character) {
  switch (character) {
    case U'\n':
      return append_ascii(out, "\\n");
    case U'\r':
      return append_ascii(out, "\\r");
    case U'\t':
      return append_ascii(out, "\\t");
    case U'\x1b':
      return append_ascii(out, "\\e");
    default:
      append_ascii(out, "\\u{" + hex(character, 1) + "}");
  }
}

std::u32string ellipsis(Charset charset) { return charset == Charset::utf8 ? U"\u2026" : U"~"; }

}  // namespace

std::u32string printable(std::string_view utf8, Charset charset) {
  std::u32string out;
  while (!utf8.empty()) {
    const auto [character, bytes] = decode_utf8(utf8);
    const bool shown =
        charset == Charset::ascii ? character >= 0x20 && character < 0x7f : width_of(character) > 0;
    if (bytes == 0)
      append_ascii(out, "\\x" + hex(character, 2));
    else if (shown)
      out += character;
    else
      append_escape(out, character);
    utf8.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return out;
}

int width_of(char32_t character) noexcept {
  if (within(narrow, character)) return 1;
  return within(wide, character) ? 2 : 0;
}

std::size_t width_of(std::u32string_view text) noexcept {
  std::size_t columns = 0;
  for (const char32_t character : text) columns += static_cast<std::size_t>(width_of(character));
  return columns;
}

std::u32string clipped(std::u32string_view text, std::size_t width, Charset charset) {
  if (width_of(text) <= width) return std::u32string(text);
  if (width == 0) return {};
  std::size_t columns = 0;
  std::size_t kept = 0;
  while (columns + static_cast<std::size_t>(width_of(text[kept])) < width)
    columns += static_cast<std::size_t>(width_of(text[kept++]));
  return std::u32string(text.substr(0, kept)) + ellipsis(charset);
}

std::u32string clipped_at_start(std::u32string_view text, std::size_t width, Charset charset) {
  if (width_of(text) <= width) return std::u32string(text);
  if (width == 0) return {};
  std::size_t columns = 0;
  std::size_t from = text.size();
  while (columns + static_cast<std::size_t>(width_of(text[from - 1])) < width)
    columns += static_cast<std::size_t>(width_of(text[--from]));
  return ellipsis(charset) + std::u32string(text.substr(from));
}

void append_utf8(std::string& out, char32_t character) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (character < 0x80) return put(character);
  if (character < 0x800) {
    put(0xc0U | character >> 6U);
  } else {
    if (character < 0x10000) {
      put(0xe0U | character >> 12U);
    } else {
      put(0xf0U | character >> 18U);
      put(0x80U | (character >> 12U & 0x3fU));
    }
    put(0x80U | (character >> 6U & 0x3fU));
  }
  put(0x80U | (character & 0x3fU));
}

}  // namespace sluice::engine::top
