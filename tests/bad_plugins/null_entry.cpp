// An entry that returns nothing.
#include "plain.hpp"
PLAIN_MANIFEST("null_entry", SLUICE_ABI_MAJOR);
extern "C" __attribute__((visibility("default"))) const sluice_plugin* sluice_plugin_entry(
    const sluice_host*) {
  return nullptr;
}
