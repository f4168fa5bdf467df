#include "app/command_line.hpp"

int main(int argc, char** argv) { return sluice::engine::run_command_line(argc, argv); }
