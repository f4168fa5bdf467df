// What `sluice doctor` finds out about files of records and of dead letters, without writing to them.
#pragma once

#include "core/connector.hpp"

namespace sluice::engine::file {

void examine_source(const Options& options, const ConnectorContext& context,
                    Examination<Source>& examination);
void examine_dead_letters(const Options& options, const ConnectorContext& context,
                          Examination<DeadLetters>& examination);

}  // namespace sluice::engine::file
