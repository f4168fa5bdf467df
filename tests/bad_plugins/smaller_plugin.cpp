// The plugin's own struct ends before this version's does.
#include "plain.hpp"
PLAIN_MANIFEST("smaller_plugin", SLUICE_ABI_MAJOR);
namespace {
constexpr sluice_plugin plugin{8, {}, {}, nullptr, 0};
}
PLAIN_ENTRY(plugin);
