// The command line: `sluice COMMAND …`. Each command has a file of its own in commands/.
#pragma once

namespace sluice::engine {

// Parses, runs the command, prints errors to stderr; returns the exit status
// (supervisor/exit_code.hpp). Main thread.
[[nodiscard]] int run_command_line(int argc, char** argv);

}  // namespace sluice::engine
