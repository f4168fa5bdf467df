// Two handlers of one name.
#include "plain.hpp"
PLAIN_MANIFEST("duplicate_name", SLUICE_ABI_MAJOR);
namespace {
constexpr sluice_component component = plain::handler("twin");
constexpr const sluice_component* components[] = {&component, &component};
constexpr sluice_plugin plugin = plain::plugin("duplicate_name", components, 2);
}  // namespace
PLAIN_ENTRY(plugin);
