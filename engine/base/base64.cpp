#include "base/base64.hpp"

#include <array>

namespace sluice::engine {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t none = 0xff;

constexpr std::array<std::uint8_t, 256> values = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(none);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return table;
}();

}  // namespace

void append_base64(const std::uint8_t* bytes, std::size_t size, std::string& out) {
  for (std::size_t i = 0; i < size; i += 3) {
    const std::size_t count = size - i < 3 ? size - i : 3;
    std::uint32_t group = std::uint32_t{bytes[i]} << 16U;
    if (count > 1) group |= std::uint32_t{bytes[i + 1]} << 8U;
    if (count > 2) group |= bytes[i + 2];
    out += alphabet[group >> 18U];
    out += alphabet[(group >> 12U) & 63U];
    out += count > 1 ? alphabet[(group >> 6U) & 63U] : '=';
    out += count > 2 ? alphabet[group & 63U] : '=';
  }
}

std::optional<std::vector<std::uint8_t>> parse_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t pad = 0;
  while (pad < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++pad;
  }
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::uint8_t value = values[static_cast<unsigned char>(c)];
    if (value == none) return std::nullopt;
    group = (group << 6U) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(group >> bits));
  }
  return bytes;
}

}  // namespace sluice::engine
