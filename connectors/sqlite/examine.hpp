// What `sluice doctor` finds out about SQLite's files: they are opened for reading, and a lock is taken and
// given back to see that they can be written.
#pragma once

#include "core/connector.hpp"
#include "sqlite/outbox_reader.hpp"

namespace sluice::engine::sqlite {

void examine_source(const std::string& path, const OutboxTable& table, std::size_t max_record,
                    Examination<Source>& examination);
void examine_store(const Options& options, const ConnectorContext& context, Examination<Store>& examination);
void examine_dead_letters(const Options& options, const ConnectorContext& context,
                          Examination<DeadLetters>& examination);

}  // namespace sluice::engine::sqlite
