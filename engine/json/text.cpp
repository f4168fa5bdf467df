#include "json/text.hpp"

#include <bit>
#include <cstdint>

#include "base/block.hpp"
#include "base/wide_block.hpp"

namespace sluice::engine {
namespace {

constexpr std::size_t block_size = 64;
static_assert(block_size <= json_text_slack);

// What there is among sixty-four bytes; a mask has a bit for each of them, the lowest for the first.
struct Seen {
  std::uint64_t quotes = 0;
  std::uint64_t backslashes = 0;
  std::uint64_t controls = 0;
  std::uint64_t not_ascii = 0;
};

// Tells which bytes stand behind a backslash that is not itself escaped. In a run of backslashes every second
// one is escaped, so it is the byte behind a run of odd length. To add its first bit to a run carries a bit
// to just behind it: if the two places differ by an odd number, the run is odd.
class Escapes {
 public:
  std::uint64_t behind(std::uint64_t backslashes) noexcept {
    constexpr std::uint64_t even = 0x5555555555555555U;
    const std::uint64_t first_byte = carried_ ? 1 : 0;
    const std::uint64_t runs = backslashes & ~first_byte;
    const std::uint64_t starts = runs & ~(runs << 1U);
    const std::uint64_t behind_even = runs + (starts & even);
    const std::uint64_t behind_odd = runs + (starts & ~even);
    carried_ = behind_odd < runs;  // it went past the last byte, from an odd place to the 64th
    return (behind_even & ~runs & ~even) | (behind_odd & ~runs & even) | first_byte;
  }

 private:
  bool carried_ = false;
};

// Follows a text through the blocks that it stands in.
class Search {
 public:
  // Whether the text, or what there is of it, has been seen to its end.
  bool ends_in(const char* block, const Seen& seen) noexcept {
    std::uint64_t ends = seen.quotes;
    if (seen.backslashes != 0 || text_.escapes) ends &= ~escapes_.behind(seen.backslashes);
    const std::uint64_t of_text = ends == 0 ? ~std::uint64_t{0} : (ends & (~ends + 1)) - 1;
    text_.escapes = text_.escapes || (seen.backslashes & of_text) != 0;
    text_.ascii = text_.ascii && (seen.not_ascii & of_text) == 0;
    if ((seen.controls & of_text) != 0) return true;
    if (ends == 0) return false;
    text_.end = block + std::countr_zero(ends);
    return true;
  }
  [[nodiscard]] const JsonText& text() const noexcept { return text_; }

 private:
  JsonText text_;
  Escapes escapes_;
};

#if defined(SLUICE_WIDE)
SLUICE_WIDE JsonText find_wide(const char* block) noexcept {
  for (Search search;; block += WideBlock::size) {
    const WideBlock bytes(block);
    const Seen seen{.quotes = bytes.where('"'),
                    .backslashes = bytes.where('\\'),
                    .controls = bytes.controls(),
                    .not_ascii = bytes.not_ascii()};
    if (search.ends_in(block, seen)) return search.text();
  }
}
#endif

}  // namespace

JsonText find_json_text(const char* begin) noexcept {
#if defined(SLUICE_WIDE)
  if (has_wide_blocks) return find_wide(begin);
#endif
  return find_json_text_narrow(begin);
}

JsonText find_json_text_narrow(const char* block) noexcept {
  for (Search search;; block += block_size) {
    Seen seen;
    for (std::size_t at = 0; at < block_size; at += Block::size) {
      const Block bytes(block + at);
      seen.quotes |= std::uint64_t{bytes.where('"')} << at;
      seen.backslashes |= std::uint64_t{bytes.where('\\')} << at;
      seen.controls |= std::uint64_t{bytes.controls()} << at;
      seen.not_ascii |= std::uint64_t{bytes.not_ascii()} << at;
    }
    if (search.ends_in(block, seen)) return search.text();
  }
}

}  // namespace sluice::engine
