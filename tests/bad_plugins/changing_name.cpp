// Says another name once it is loaded than in its manifest.
#include "plain.hpp"
PLAIN_MANIFEST("changing_name", SLUICE_ABI_MAJOR);
namespace {
constexpr sluice_component component = plain::handler("nothing");
constexpr const sluice_component* components[] = {&component};
constexpr sluice_plugin plugin = plain::plugin("someone_else", components, 1);
}  // namespace
PLAIN_ENTRY(plugin);
