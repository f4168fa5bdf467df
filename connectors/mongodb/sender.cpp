#include "mongodb/sender.hpp"

#include <algorithm>

namespace sluice::engine::mongodb {
namespace {

struct Words {
  const char* command;
  const char* statements;
};

Words words_of(Command command) noexcept {
  switch (command) {
    case Command::insert:
      return {"insert", "documents"};
    case Command::update:
      return {"update", "updates"};
    case Command::remove:
      return {"delete", "deletes"};
  }
  return {"", ""};
}

// An upper bound for a statement, but for the few bytes of a document at the very limit.
std::size_t size_of(const Task& task) noexcept {
  constexpr std::size_t frame = 320;  // guard, watermark, names of operators
  const Change& change = task.write->change;
  std::size_t size = frame + change.document.id.size + task.before.size() + task.after.size();
  if (change.kind == ChangeKind::insert || change.kind == ChangeKind::replace) size += change.content.size();
  for (const Operation& operation : change.operations)
    size += operation.path.size() + operation.value.size + 24;
  for (const Condition& condition : change.conditions)
    size += 2 * condition.path.size() + condition.value.size + 64;
  return size;
}

}  // namespace

void Sender::send(std::string_view collection, std::span<Task* const> tasks) {
  for (const Command command : {Command::insert, Command::update, Command::remove}) {
    std::vector<Task*> chosen;
    chosen.reserve(tasks.size());
    std::copy_if(tasks.begin(), tasks.end(), std::back_inserter(chosen),
                 [&](const Task* task) { return command_of(task->attempt.form) == command; });
    send(collection, command, chosen);
  }
}

void Sender::send(std::string_view collection, Command command, std::span<Task* const> tasks) {
  while (!tasks.empty()) {
    const std::size_t count = build(collection, command, tasks);
    if (!sent_.empty()) execute(collection, command);
    tasks = tasks.subspan(count);
  }
}

std::size_t Sender::build(std::string_view collection, Command command, std::span<Task* const> tasks) {
  const Words words = words_of(command);
  writer_.clear().text(words.command, collection).boolean("ordered", false);
  writer_.document("writeConcern", write_concern_).begin_array(words.statements);
  sent_.clear();
  forms_.clear();
  std::size_t count = 0;
  for (Task* task : tasks) {
    const std::size_t size = size_of(*task);
    const bool full = writer_.size() + size > limits_.document_bytes || sent_.size() == limits_.statements;
    if (full && !sent_.empty()) break;
    ++count;
    task->answer = {Proof::not_done, Objection::refused, {}};
    if (size > limits_.document_bytes && task->attempt.form != Form::swap) {
      task->answer.reason = "the change has about " + std::to_string(size) + " bytes, the server takes " +
                            std::to_string(limits_.document_bytes);
      continue;
    }
    if (task->attempt.form == Form::swap) {
      planner_.append_swap(*task->write, bson::View(task->before.data()), bson::View(task->after.data()),
                           writer_);
    } else if (auto appended = planner_.append(*task->write, task->attempt.form, writer_); !appended) {
      task->answer.reason = std::move(appended.error().message);
      continue;
    }
    sent_.push_back(task);
    forms_.push_back(task->attempt.form);
  }
  return count;
}

void Sender::execute(std::string_view collection, Command command) {
  if (unreachable()) {
    for (Task* task : sent_) task->answer = {Proof::unknown, Objection::none, describe(*failure_)};
    return;
  }
  client_.write(writer_.finish(), reply_);
  if (reply_.failure()) return failed(collection, command);
  answers_.resize(sent_.size());
  read_reply(reply_.view(), forms_, answers_);
  for (std::size_t i = 0; i < sent_.size(); ++i) {
    sent_[i]->answer = std::move(answers_[i]);
    // What kept a repeated statement from its work may be that it was done the first time.
    if (reply_.repeated() && sent_[i]->answer.proof == Proof::not_done)
      sent_[i]->answer.proof = Proof::perhaps;
  }
}

// The whole command failed. One bad or too large statement may be to blame: halves find it, as every
// statement may be sent twice. All else is about the server.
void Sender::failed(std::string_view collection, Command command) {
  const Failure failure = *reply_.failure();
  const Fault fault = fault_of(failure);
  const bool too_large = fault == Fault::closed && writer_.size() > limits_.split_bytes;
  const bool of_one = fault == Fault::document || fault == Fault::duplicate;
  if ((of_one || too_large) && sent_.size() > 1) {
    const std::vector<Task*> all = sent_;
    const auto half = static_cast<std::ptrdiff_t>(all.size() / 2);
    send(collection, command, std::vector<Task*>(all.begin(), all.begin() + half));
    send(collection, command, std::vector<Task*>(all.begin() + half, all.end()));
    return;
  }
  Answer answer{Proof::unknown, Objection::none, describe(failure)};
  if (of_one) {
    const bool by_server = static_cast<bool>(reply_.view().find("code"));
    answer =
        by_server ? answer_of(reply_.view()) : Answer{Proof::not_done, Objection::refused, describe(failure)};
  } else {
    if (fault == Fault::fatal) answer.proof = Proof::fatal;
    unreachable_ = failure.domain == MONGOC_ERROR_SERVER_SELECTION;
    if (!failure_) failure_ = failure;
  }
  for (Task* task : sent_) task->answer = answer;
}

}  // namespace sluice::engine::mongodb
