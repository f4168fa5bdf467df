// Whether a file can be read or written where it is, or made where it is not, found out without touching it.
#pragma once

#include <string>

#include "core/finding.hpp"

namespace sluice::engine {

// `subject` names the file's purpose in the findings: "database". False after a problem.

bool check_file_to_read(const std::string& path, const std::string& subject, Findings& findings);

// With `beside`, files beside it must be made too, as a database's log: the folder must be writable even if
// the file is there. Little room on the disk is a warning, none a problem.
bool check_file_to_write(const std::string& path, const std::string& subject, bool beside,
                         Findings& findings);

}  // namespace sluice::engine
