#include "supervisor/reload.hpp"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace sluice::engine {
namespace {

std::vector<char*> pointers(std::vector<std::string>& arguments) {
  std::vector<char*> made;
  for (std::string& argument : arguments) made.push_back(argument.data());
  made.push_back(nullptr);
  return made;
}

std::vector<std::string> own_arguments() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> arguments;
  for (std::string argument; std::getline(file, argument, '\0');) arguments.push_back(argument);
  return arguments;
}

// Output goes to the descriptor; the signals that this process takes by asking are the command's as usual.
int spawn(pid_t& process, std::vector<std::string> command, int output) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  const int error =
      posix_spawn(&process, command.front().c_str(), &files, &attributes, pointers(command).data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

}  // namespace

std::string this_program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

ConfigurationCheck::ConfigurationCheck(const std::vector<std::string>& command) {
  output_ = memfd_create("sluice-check", MFD_CLOEXEC);
  const int error = output_ < 0 ? errno : spawn(process_, command, output_);
  if (error == 0) return;
  process_ = -1;
  trouble_ = "cannot run " + command.front() + ": " + std::strerror(error);
}

ConfigurationCheck::~ConfigurationCheck() {
  if (process_ > 0) {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  if (output_ >= 0) close(output_);
}

std::optional<ConfigurationCheck::Verdict> ConfigurationCheck::poll() {
  if (process_ < 0) return Verdict{false, trouble_};
  int status = 0;
  if (waitpid(process_, &status, WNOHANG) == 0) return std::nullopt;
  process_ = -1;
  return Verdict{WIFEXITED(status) && WEXITSTATUS(status) == 0, printed()};
}

std::string ConfigurationCheck::printed() const {
  std::string text;
  std::array<char, 4096> block{};
  while (true) {
    const ssize_t got = pread(output_, block.data(), block.size(), static_cast<off_t>(text.size()));
    if (got <= 0) break;
    text.append(block.data(), static_cast<std::size_t>(got));
  }
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string begin_anew(const std::string& program) {
  std::vector<std::string> arguments = own_arguments();
  // What a library left open is not for the process that follows.
  close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  execv(program.c_str(), pointers(arguments).data());
  return "cannot begin anew as " + program + ": " + std::strerror(errno);
}

}  // namespace sluice::engine
