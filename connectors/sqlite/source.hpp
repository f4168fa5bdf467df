// The sqlite source: an outbox table, whose rows become records in the order of their key. The table is the
// only partition, named as the table, and a record's position is the row's key.
//
// Which table can be read, and why its key must be AUTOINCREMENT: sqlite/outbox_reader.hpp. Rows that are
// deleted once they were applied are nobody's loss; the table never needs to be locked for that.
//
// A new row is noticed by watching the database's files; where that tells nothing, as on a network's file
// system, by looking every 50 milliseconds.
#pragma once

#include "core/connector.hpp"

namespace sluice::engine::sqlite {

[[nodiscard]] RoleSpec<Source> source_role();

}  // namespace sluice::engine::sqlite
