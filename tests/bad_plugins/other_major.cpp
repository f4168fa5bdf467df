// Built for another version of the contract. Its static initialiser leaves a file behind, wherever the
// environment says: proof that the library ran.
#include <cstdlib>
#include <fstream>

#include "plain.hpp"

PLAIN_MANIFEST("other_major", SLUICE_ABI_MAJOR + 1);

namespace {
const bool noticed = [] {
  const char* mark = std::getenv("SLUICE_TEST_MARK");
  if (mark != nullptr) std::ofstream(mark) << "ran";
  return true;
}();
constexpr sluice_component component = plain::handler("nothing");
constexpr const sluice_component* components[] = {&component};
constexpr sluice_plugin plugin = plain::plugin("other_major", components, 1);
}  // namespace
PLAIN_ENTRY(plugin);
