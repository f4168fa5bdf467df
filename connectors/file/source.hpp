// The file source: every line of a file is a record, or tells of one. The file is the only partition, named
// as the file without its folder, and a record's position is the offset of its line.
//
// - format plain: a line is a value. format records: a line is a record with key, headers and times, as
//   `kcat -J` prints it (file/record_parser.hpp). Lines end with \n alone; empty ones are passed over.
// - A line that is no record becomes a dead letter, with the whole line as its value; so does one longer than
//   max_record, with its beginning, so that no file can exhaust the memory.
// - Without follow the source is finished at the end of the file, where the last line needs no \n. With
// follow
//   it waits for more, and a line counts once its \n is there, as the rest may be still to come.
// - A file that is replaced or cut while it is read ends the pipeline with source.recreated: offsets of
// another
//   file mean nothing.
#pragma once

#include "core/connector.hpp"

namespace sluice::engine::file {

[[nodiscard]] RoleSpec<Source> source_role();

}  // namespace sluice::engine::file
