// The longer commands of sluice-kit. Each adds itself; its callback runs when it is the chosen one, and sets
// the exit status.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace sluice::kit {

constexpr int check_failed = 8;
constexpr int interrupted = 130;  // as a shell says of Ctrl-C

// Throws std::runtime_error when it cannot be written.
void write_file(const std::string& path, const std::string& text);

void add_generate(CLI::App& app, int& status);
void add_reference(CLI::App& app, int& status);
void add_made(CLI::App& app, int& status);
void add_verify(CLI::App& app, int& status);

}  // namespace sluice::kit
