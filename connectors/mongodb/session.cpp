#include "mongodb/session.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "documents/apply.hpp"

namespace sluice::engine::mongodb {
namespace {

// Rounds of trying and reading back before other writers are given time.
constexpr int max_rounds = 5;

// The same text for ids that are one document: MongoDB compares numbers by value, whatever their type.
std::string key_of(const bson::Value& id) {
  constexpr double limit = 9223372036854775808.0;  // 2^63
  auto whole = id.as_int64();
  if (const auto number = id.as_double(); !whole && number && std::abs(*number) < limit)
    whole = static_cast<std::int64_t>(*number);
  if (whole) return "#" + std::to_string(*whole);
  std::string key(1, static_cast<char>(id.type));
  return key.append(reinterpret_cast<const char*>(id.data), id.size);
}

// The document without what is not its content.
bson::View content_of(bson::View document, bson::Writer& writer) {
  writer.clear();
  for (const bson::Element& element : document)
    if (element.name != "_id" && element.name != marks_name) writer.element(element);
  return writer.finish();
}

std::vector<std::uint8_t> copied(bson::View view) { return {view.data(), view.data() + view.size()}; }

}  // namespace

void Tombstones::set(std::span<const CollectionSpec> collections) {
  names_.clear();
  for (const CollectionSpec& spec : collections)
    if (spec.tombstones) names_.push_back(spec.name);
  std::sort(names_.begin(), names_.end());
}

bool Tombstones::kept_in(std::string_view collection) const noexcept {
  return std::binary_search(names_.begin(), names_.end(), collection, std::less<>());
}

MongoSession::MongoSession(ClientPool pool, const Tombstones& tombstones, Limits limits)
    : pool_(std::move(pool)),
      client_(pool_.client()),
      tombstones_(tombstones),
      sender_(*client_, pool_.write_concern(), limits) {}

Result<void> MongoSession::write(std::span<const Write> writes, std::span<WriteResult> results) {
  lost_.reset();
  sender_.begin();
  tasks_.clear();
  tasks_.reserve(writes.size());
  std::vector<Task*> ordered;
  ordered.reserve(writes.size());
  for (std::size_t i = 0; i < writes.size(); ++i) {
    const bool tombstones = tombstones_.kept_in(writes[i].change.document.collection);
    tasks_.push_back({&writes[i], &results[i], {first_form(writes[i], tombstones), tombstones}});
    ordered.push_back(&tasks_.back());
  }
  const auto collection_of = [](const Task* task) { return task->write->change.document.collection; };
  const auto by_collection = [&](const Task* a, const Task* b) {
    return collection_of(a) < collection_of(b);
  };
  if (!std::is_sorted(ordered.begin(), ordered.end(), by_collection))
    std::stable_sort(ordered.begin(), ordered.end(), by_collection);

  for (auto first = ordered.begin(); first != ordered.end();) {
    const std::string_view collection = collection_of(*first);
    const auto last = std::find_if(first, ordered.end(),
                                   [&](const Task* task) { return collection_of(task) != collection; });
    write_collection(collection, {first, last});
    first = last;
  }
  return verdict(results);
}

void MongoSession::write_collection(std::string_view collection, std::span<Task*> tasks) {
  std::vector<Task*> pending(tasks.begin(), tasks.end());
  for (int round = 0; round < max_rounds && !pending.empty(); ++round) {
    if (lost_) return give_up(pending, *lost_);
    if (!compute_swaps(collection, pending)) return give_up(pending, *lost_);
    sender_.send(collection, pending);
    if (!settle(collection, pending)) return give_up(pending, *lost_);
  }
  for (Task* task : pending)
    *task->result = {Outcome::retry, Code::store_unavailable,
                     "other writers change the document all the time" +
                         (task->answer.reason.empty() ? "" : ": " + task->answer.reason)};
}

bool MongoSession::settle(std::string_view collection, std::vector<Task*>& tasks) {
  std::erase_if(tasks, [](Task* task) {
    auto outcome = settled(task->attempt, task->answer);
    if (outcome) *task->result = std::move(*outcome);
    return outcome.has_value();
  });
  if (tasks.empty()) return true;
  if (sender_.unreachable()) {
    lost_ = sender_.failure();
    return false;
  }

  std::unordered_map<std::string, std::size_t> places;
  std::vector<Standing> standings(tasks.size());
  filter_.clear().begin_document("_id").begin_array("$in");
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const bson::Value& id = tasks[i]->write->change.document.id;
    filter_.value(id);
    places.emplace(key_of(id), i);
  }
  bson::Writer options;
  options.begin_document("projection").int32(marks_name, 1).end();
  lost_ = client_->find(collection, filter_.finish(), options.finish(), [&](bson::View document) {
    const auto place = places.find(key_of(document.find("_id")));
    if (place != places.end()) standings[place->second] = standing_of(*tasks[place->second]->write, document);
  });
  if (lost_) return false;

  std::vector<Task*> left;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    Task& task = *tasks[i];
    Decision decision = resolve(*task.write, task.attempt, task.answer, standings[i]);
    if (!decision.next) {
      *task.result = std::move(decision.result);
      continue;
    }
    if (task.attempt.form == Form::skip) task.attempt.skip_failed = true;
    task.attempt.form = *decision.next;
    left.push_back(&task);
  }
  tasks = std::move(left);
  return true;
}

bool MongoSession::compute_swaps(std::string_view collection, std::vector<Task*>& tasks) {
  std::vector<Task*> left;
  for (Task* task : tasks) {
    bool finished = false;
    if (task->attempt.form == Form::swap && !compute(collection, *task, finished)) return false;
    if (!finished) left.push_back(task);
  }
  tasks = std::move(left);
  return true;
}

// Reads the document and computes what the change makes of it; what it needs from there is another form.
bool MongoSession::compute(std::string_view collection, Task& task, bool& finished) {
  const Write& write = *task.write;
  task.before.clear();
  filter_.clear().value("_id", write.change.document.id);
  lost_ = client_->find(collection, filter_.finish(), bson::View(),
                        [&](bson::View document) { task.before = copied(document); });
  if (lost_) return false;

  const bson::View before = task.before.empty() ? bson::View() : bson::View(task.before.data());
  const Standing standing = task.before.empty() ? Standing() : standing_of(write, before);
  if (standing.reached || standing.overtaken) {
    *task.result = resolve(write, task.attempt, {Proof::not_done, Objection::none, {}}, standing).result;
    finished = true;
    return true;
  }
  std::optional<bson::View> content;
  if (standing.presence == Presence::live) content = content_of(before, made_);
  bson::Writer computed;
  Applied applied = apply(write.change, content, computed);
  if (applied.outcome == Outcome::skipped) {
    task.attempt.form = Form::skip;
  } else if (applied.outcome != Outcome::applied) {
    *task.result = {applied.outcome, applied.code, std::move(applied.reason)};
    finished = true;
  } else if (standing.presence == Presence::absent) {
    task.attempt.form = Form::insert;
  } else {
    task.after = copied(computed.finish());
  }
  return true;
}

void MongoSession::give_up(std::span<Task* const> tasks, const Failure& failure) {
  const bool fatal = fault_of(failure) == Fault::fatal;
  for (Task* task : tasks)
    *task->result = {fatal ? Outcome::fatal : Outcome::retry,
                     fatal ? Code::store_fatal : Code::store_unavailable, describe(failure)};
}

// An error is about the store as a whole: when no write came through.
Result<void> MongoSession::verdict(std::span<WriteResult> results) const {
  const auto& failure = sender_.failure() ? sender_.failure() : lost_;
  if (!failure) return {};
  const bool all = std::all_of(results.begin(), results.end(), [](const WriteResult& result) {
    return result.outcome == Outcome::retry || result.outcome == Outcome::fatal;
  });
  if (!all) return {};
  return to_error(*failure, "writing a batch");
}

}  // namespace sluice::engine::mongodb
