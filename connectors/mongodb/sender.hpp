// Sends the statements of writes on one collection, as few commands as they fit into, and takes down what
// each answer proves.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "mongodb/client.hpp"
#include "mongodb/plan.hpp"
#include "mongodb/reply.hpp"
#include "mongodb/resolve.hpp"

namespace sluice::engine::mongodb {

// What the server takes, as its hello says, and what is small enough never to be split.
struct Limits {
  std::size_t document_bytes = std::size_t{16} << 20U;
  std::size_t statements = 100'000;
  // A connection that is closed on a larger command may have been closed because of its size.
  std::size_t split_bytes = std::size_t{1} << 20U;
};

// One write on its way.
struct Task {
  const Write* write = nullptr;
  WriteResult* result = nullptr;
  Attempt attempt{};
  Answer answer{};
  std::vector<std::uint8_t> before{};  // of a swap: the document as it was read
  std::vector<std::uint8_t> after{};   // and the content to put in its place
};

// Not thread-safe; keeps scratch memory.
class Sender {
 public:
  Sender(const Client& client, bson::View write_concern, Limits limits) noexcept
      : client_(client), write_concern_(write_concern), limits_(limits) {}

  // Forgets the failure of an earlier batch.
  void begin() noexcept {
    failure_.reset();
    unreachable_ = false;
  }
  // Sets the answer of each. When no server can be reached, what is left is answered by that.
  void send(std::string_view collection, std::span<Task* const> tasks);
  // No server was found for the last command.
  [[nodiscard]] bool unreachable() const noexcept { return unreachable_; }
  // The first failure of a whole command, which tells more than those that follow from it.
  [[nodiscard]] const std::optional<Failure>& failure() const noexcept { return failure_; }

 private:
  void send(std::string_view collection, Command command, std::span<Task* const> tasks);
  // Builds one command from the first tasks and gives how many of them are dealt with.
  [[nodiscard]] std::size_t build(std::string_view collection, Command command, std::span<Task* const> tasks);
  void execute(std::string_view collection, Command command);
  void failed(std::string_view collection, Command command);

  const Client& client_;
  bson::View write_concern_;
  Limits limits_;
  std::optional<Failure> failure_;
  bool unreachable_ = false;
  Planner planner_;
  bson::Writer writer_;
  Reply reply_;
  std::vector<Form> forms_;
  std::vector<Answer> answers_;
  std::vector<Task*> sent_;
};

}  // namespace sluice::engine::mongodb
