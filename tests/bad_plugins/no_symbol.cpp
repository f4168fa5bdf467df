// A manifest, and no entry.
#include "plain.hpp"
PLAIN_MANIFEST("no_symbol", SLUICE_ABI_MAJOR);
