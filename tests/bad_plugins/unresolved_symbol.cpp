// Needs a function that nobody has.
#include "plain.hpp"
PLAIN_MANIFEST("unresolved_symbol", SLUICE_ABI_MAJOR);
extern "C" int a_function_that_nobody_has();
namespace {
sluice_status handle(void*, const sluice_event*, sluice_changes*, sluice_report*) {
  return a_function_that_nobody_has();
}
constexpr sluice_component component = plain::handler("nothing", handle);
constexpr const sluice_component* components[] = {&component};
constexpr sluice_plugin plugin = plain::plugin("unresolved_symbol", components, 1);
}  // namespace
PLAIN_ENTRY(plugin);
