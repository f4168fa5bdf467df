// A handler without its function.
#include "plain.hpp"
PLAIN_MANIFEST("null_function", SLUICE_ABI_MAJOR);
namespace {
constexpr sluice_component component = plain::handler("nothing", nullptr);
constexpr const sluice_component* components[] = {&component};
constexpr sluice_plugin plugin = plain::plugin("null_function", components, 1);
}  // namespace
PLAIN_ENTRY(plugin);
