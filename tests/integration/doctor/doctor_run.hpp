// Runs the program and hands back what it said.
#pragma once

#include <string>

namespace sluice::engine {

struct Said {
  int status = -1;
  std::string text;  // standard output and errors
};

// `sluice WORDS`, with the plugins of the build.
[[nodiscard]] Said run_sluice(const std::string& words);
// `sluice doctor -c FILE`, giving up soon on what does not answer.
[[nodiscard]] Said doctor(const std::string& file, const std::string& more = "");

inline constexpr int healthy = 0;
inline constexpr int check_failed = 8;

}  // namespace sluice::engine
