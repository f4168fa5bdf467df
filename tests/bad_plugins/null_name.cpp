// A component whose name is null, whatever its size says.
#include "plain.hpp"
PLAIN_MANIFEST("null_name", SLUICE_ABI_MAJOR);
namespace {
constexpr sluice_component component = [] {
  sluice_component made = plain::handler("nothing");
  made.name = {nullptr, 7};
  return made;
}();
constexpr const sluice_component* components[] = {&component};
constexpr sluice_plugin plugin = plain::plugin("null_name", components, 1);
}  // namespace
PLAIN_ENTRY(plugin);
