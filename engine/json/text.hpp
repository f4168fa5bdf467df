// Where a JSON text ends, for readers that know that one begins and do without the tokens of the whole.
#pragma once

#include <cstddef>

namespace sluice::engine {

// So many bytes behind the memory that texts are looked for in may be read, and must be zeros.
constexpr std::size_t json_text_slack = 64;

struct JsonText {
  const char* end = nullptr;  // the closing quote; null when a character that must be escaped comes before it
  bool escapes = false;       // whether there may be any
  bool ascii = true;          // false: the text may hold other bytes, and nobody has looked at them
};

// Of a text whose opening quote stands before `begin`.
[[nodiscard]] JsonText find_json_text(const char* begin) noexcept;
// The same as it is done on machines without wide blocks (base/wide_block.hpp); by this name for the tests.
[[nodiscard]] JsonText find_json_text_narrow(const char* begin) noexcept;

}  // namespace sluice::engine
