// What `sluice doctor` finds out about a database of MongoDB. The only writes are one document into _sluice,
// or into a collection of its own where there is no _sluice yet, removed at once.
#pragma once

#include "core/examination.hpp"
#include "mongodb/uri.hpp"

namespace sluice::engine::mongodb {

void examine_store(StoreSettings settings, Examination<Store>& examination);

}  // namespace sluice::engine::mongodb
