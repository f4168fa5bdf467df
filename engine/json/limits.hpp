// What a JSON text may be at most.
#pragma once

#include <cstddef>

namespace sluice::engine {

struct JsonLimits {
  std::size_t bytes = std::size_t{16} * 1024 * 1024;
  int depth = 100;
  std::size_t keys = 100'000;  // of all objects together
};

// Of what we have written ourselves, as letters: all of it must be read again.
inline constexpr JsonLimits own_json_limits{.bytes = std::size_t{1} << 30U, .depth = 200, .keys = 50'000'000};

}  // namespace sluice::engine
