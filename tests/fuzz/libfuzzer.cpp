// One libFuzzer program for each entry, chosen by SLUICE_FUZZ_ENTRY:
//   build/fuzz/tests/fuzz/fuzz_plain -max_total_time=300 CORPUS_FOLDER tests/fixtures
#include <cstddef>
#include <cstdint>

#include "entries.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  for (const sluice::engine::FuzzEntry& entry : sluice::engine::fuzz_entries())
    if (entry.name == SLUICE_FUZZ_ENTRY) entry.run({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
