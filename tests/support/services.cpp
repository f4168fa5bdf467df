#include "support/services.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <stdexcept>
#include <system_error>

namespace sluice::engine {
namespace {

// The first start on a machine fetches the servers, which takes minutes.
constexpr std::chrono::minutes longest_answer{20};

[[noreturn]] void fail(int code, const char* what) {
  throw std::system_error(code, std::generic_category(), what);
}

class SpawnActions {
 public:
  SpawnActions() { posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  void duplicate(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

pid_t spawn(const std::vector<std::string>& words, int input, int output) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  SpawnActions actions;
  actions.duplicate(input, STDIN_FILENO);
  actions.duplicate(output, STDOUT_FILENO);
  pid_t process = -1;
  if (const int code =
          posix_spawn(&process, arguments[0], actions.get(), nullptr, arguments.data(), environ)) {
    fail(code, SLUICE_SERVICES_UP);
  }
  return process;
}

}  // namespace

Services::Services(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{SLUICE_SERVICES_UP};
  words.insert(words.end(), arguments.begin(), arguments.end());

  // Closed in every other program the test starts: its end must mean the end of this one.
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input.data()) != 0) fail(errno, "socketpair");
  if (pipe2(output.data(), O_CLOEXEC) != 0) fail(errno, "pipe2");
  commands_ = input[0];
  answers_ = output[0];
  try {
    process_ = spawn(words, input[1], output[1]);
    close(input[1]);
    close(output[1]);
    read_addresses();
  } catch (...) {
    end();
    throw;
  }
}

Services::~Services() { end(); }

const std::string& Services::address(std::string_view name) const {
  const auto found = addresses_.find(name);
  if (found == addresses_.end()) {
    throw std::runtime_error("tools/services/up printed no " + std::string{name} + " for these servers");
  }
  return found->second;
}

pid_t Services::pid(std::string_view server) { return command("pid", server); }
void Services::stop(std::string_view server) { command("stop", server); }
void Services::kill(std::string_view server) { command("kill", server); }
void Services::start(std::string_view server) { command("start", server); }
void Services::restart(std::string_view server) { command("restart", server); }
void Services::freeze(std::string_view server) { command("freeze", server); }
void Services::thaw(std::string_view server) { command("thaw", server); }

// Answered by "ok <server> pid=<number>" or "failed: <why>".
pid_t Services::command(std::string_view word, std::string_view server) {
  const std::string line = std::string{word} + ' ' + std::string{server} + '\n';
  if (send(commands_, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) {
    fail(errno, "tools/services/up takes no commands");
  }
  const std::string answer = read_line();
  const std::size_t number = answer.rfind("pid=");
  if (!answer.starts_with("ok") || number == std::string::npos) {
    throw std::runtime_error("tools/services/up, asked to " + std::string{word} + ' ' + std::string{server} +
                             ": " + answer);
  }
  pid_t pid = 0;
  std::from_chars(answer.data() + number + 4, answer.data() + answer.size(), pid);
  return pid;
}

std::string Services::read_line() {
  std::size_t end = 0;
  while ((end = unread_.find('\n')) == std::string::npos) {
    pollfd readable{.fd = answers_, .events = POLLIN, .revents = 0};
    const auto bound = std::chrono::milliseconds{longest_answer};
    const int ready = poll(&readable, 1, static_cast<int>(bound.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) throw std::runtime_error("tools/services/up does not answer");

    std::array<char, 4096> buffer;
    const ssize_t size = read(answers_, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) throw std::runtime_error("tools/services/up ended; it says why on standard error");
    unread_.append(buffer.data(), static_cast<std::size_t>(size));
  }
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

// NAME=value lines, then one that begins with '#'.
void Services::read_addresses() {
  for (std::string line = read_line(); !line.starts_with('#'); line = read_line()) {
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) throw std::runtime_error("tools/services/up printed: " + line);
    addresses_.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
}

void Services::end() noexcept {
  if (commands_ >= 0) close(commands_);
  if (process_ > 0) {
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (answers_ >= 0) close(answers_);
}

}  // namespace sluice::engine
