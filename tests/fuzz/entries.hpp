// What is fuzzed: each entry takes any bytes, and aborts when a promise of the code under it is broken.
#pragma once

#include <span>
#include <string_view>

namespace sluice::engine {

struct FuzzEntry {
  std::string_view name;
  void (*run)(std::string_view bytes);
};

[[nodiscard]] std::span<const FuzzEntry> fuzz_entries();

}  // namespace sluice::engine
