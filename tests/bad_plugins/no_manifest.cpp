// An entry, and no manifest: a library of something else, or a plugin from before there were manifests.
#include "plain.hpp"
namespace {
constexpr sluice_component component = plain::handler("nothing");
constexpr const sluice_component* components[] = {&component};
constexpr sluice_plugin plugin = plain::plugin("no_manifest", components, 1);
}  // namespace
PLAIN_ENTRY(plugin);
