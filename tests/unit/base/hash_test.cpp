#include "base/hash.hpp"

#include <gtest/gtest.h>

namespace sluice::engine {
namespace {

// Written down once: what a version has put into stores and shares must be found by the next one.
TEST(StableHash, never_changes) {
  constexpr std::string_view text = "The quick brown fox jumps over the lazy dog, twice.";
  constexpr std::pair<std::size_t, std::uint64_t> hashes[] = {
      {0, 0x116ce3d5fc094c1aU},  {1, 0x0ffc460eb12c529fU},  {3, 0x1ea00565092caa53U},
      {7, 0x886f7fcbf083d23fU},  {8, 0x7b69397035b65b63U},  {9, 0x89d3fca2a3e2fa23U},
      {13, 0xe6df26488a097855U}, {16, 0xf88cc101b01f6d2dU}, {23, 0x9813f702b23908d2U},
      {36, 0xc53393c9c7e4c143U}, {51, 0x38443748a7fff05dU}};
  for (const auto& [size, hash] : hashes) EXPECT_EQ(stable_hash(text.substr(0, size), 5), hash) << size;
}

}  // namespace
}  // namespace sluice::engine
