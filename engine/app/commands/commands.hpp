// The commands of the program. Each function adds one to the command line: its options, its help, and, once
// it has been chosen, the action to take.
#pragma once

#include <CLI/App.hpp>

#include "app/invocation.hpp"

namespace sluice::engine {

void add_run(CLI::App& app, Invocation& invocation, Action& action);
void add_validate(CLI::App& app, Invocation& invocation, Action& action);
void add_doctor(CLI::App& app, Invocation& invocation, Action& action);
void add_try(CLI::App& app, Invocation& invocation, Action& action);
void add_plugins(CLI::App& app, Invocation& invocation, Action& action);
void add_new(CLI::App& app, Invocation& invocation, Action& action);
void add_dead_letters(CLI::App& app, Invocation& invocation, Action& action);
void add_positions(CLI::App& app, Invocation& invocation, Action& action);
void add_resume(CLI::App& app, Invocation& invocation, Action& action);
void add_schema(CLI::App& app, Invocation& invocation, Action& action);
void add_top(CLI::App& app, Action& action);

}  // namespace sluice::engine
