// Reloading: a configuration is checked by another process while this one goes on, and only a good one makes
// this process drain and begin anew. So a bad file never stops what runs, and a good one gets everything new:
// plugins, their options, the program itself after an upgrade.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace sluice::engine {

// The path of this program, as it was when it was started.
[[nodiscard]] std::string this_program();

// A command that runs beside this process and says by its status whether the configuration is good. For one
// thread. Going away, it ends the command.
class ConfigurationCheck {
 public:
  struct Verdict {
    bool good = false;
    std::string text;  // what the command printed
  };

  explicit ConfigurationCheck(const std::vector<std::string>& command);
  ~ConfigurationCheck();
  ConfigurationCheck(const ConfigurationCheck&) = delete;
  ConfigurationCheck& operator=(const ConfigurationCheck&) = delete;

  // Nothing as long as it runs. A command that cannot be started is a bad verdict.
  [[nodiscard]] std::optional<Verdict> poll();

 private:
  [[nodiscard]] std::string printed() const;

  int output_ = -1;  // memory, not a pipe: the command never waits for a reader
  pid_t process_ = -1;
  std::string trouble_;
};

// Runs the program with this process's arguments in its place: the process keeps its number, and signals that
// are blocked and pending. Returns only when that fails: why.
[[nodiscard]] std::string begin_anew(const std::string& program);

}  // namespace sluice::engine
