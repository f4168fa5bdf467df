// A component whose struct ends before this version's does.
#include "plain.hpp"
PLAIN_MANIFEST("smaller_struct", SLUICE_ABI_MAJOR);
namespace {
constexpr sluice_component component = [] {
  sluice_component made = plain::handler("nothing");
  made.size = 40;
  return made;
}();
constexpr const sluice_component* components[] = {&component};
constexpr sluice_plugin plugin = plain::plugin("smaller_struct", components, 1);
}  // namespace
PLAIN_ENTRY(plugin);
