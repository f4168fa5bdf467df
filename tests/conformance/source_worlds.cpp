// The kinds that need nothing but files and memory.
#include "source_suite.hpp"

namespace sluice::engine::conformance {

namespace {

const WorldKind plain_file{"plain_file", make_plain_file_world};
const WorldKind records_file{"records_file", make_records_file_world};
const WorldKind in_memory{"memory", make_memory_world};
const WorldKind sqlite_wal{"sqlite_wal", make_sqlite_wal_world};
const WorldKind sqlite_rollback{"sqlite_rollback", make_sqlite_rollback_world};

INSTANTIATE_TEST_SUITE_P(Sources, SourceSuite,
                         testing::Values(plain_file, records_file, in_memory, sqlite_wal, sqlite_rollback),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Sources, SourceWithTombstones,
                         testing::Values(records_file, in_memory, sqlite_wal, sqlite_rollback), name_of);

}  // namespace

}  // namespace sluice::engine::conformance
