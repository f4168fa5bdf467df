#include "doctor_run.hpp"

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace sluice::engine {

Said run_sluice(const std::string& words) {
  const std::string command =
      "SLUICE_PLUGIN_PATH='" SLUICE_PLUGINS "' timeout 120 '" SLUICE_PROGRAM "' " + words + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell");
  Said said;
  std::array<char, 4096> some{};
  while (const std::size_t read = std::fread(some.data(), 1, some.size(), pipe))
    said.text.append(some.data(), read);
  const int status = pclose(pipe);
  said.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return said;
}

Said doctor(const std::string& file, const std::string& more) {
  return run_sluice("doctor -c '" + file + "' --timeout 6s " + more);
}

}  // namespace sluice::engine
