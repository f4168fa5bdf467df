// libmongoc as a whole.
#pragma once

namespace sluice::engine::mongodb {

// Initialises the library, once in a process, and cleans it up at the process's end; it cannot be initialised
// again after that. Call it before anything of the library. Any thread.
void start_library();

}  // namespace sluice::engine::mongodb
