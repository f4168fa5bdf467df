#include "memory/store.hpp"

#include <algorithm>

#include "documents/apply.hpp"
#include "documents/document_id.hpp"

namespace sluice::engine::memory {
namespace {

std::string key_of(const bson::Value& id) {
  std::string key(1, static_cast<char>(id.type));
  return key.append(reinterpret_cast<const char*>(id.data), id.size);
}

WriteResult result(Outcome outcome) { return {outcome, Code::store_unavailable, {}}; }

std::optional<bson::View> view_of(const StoredDocument* stored) {
  if (stored == nullptr || !stored->content) return std::nullopt;
  return bson::View(stored->content->data());
}

std::string names(const IndexSpec& index) {
  std::string out;
  for (const IndexSpec::Key& key : index.keys) out.append(out.empty() ? "" : ", ").append(key.path);
  return out;
}

// Documents without any of the keys do not take part, as in SQL.
bool same_keys(const IndexSpec& index, bson::View a, bson::View b) {
  return std::all_of(index.keys.begin(), index.keys.end(), [&](const IndexSpec::Key& key) {
    const bson::Value first = a.at(key.path);
    const bson::Value second = b.at(key.path);
    if (!first || !second || first.type == bson::Type::null) return false;
    return compare(first, second) == 0;
  });
}

}  // namespace

class MemorySession final : public StoreSession {
 public:
  explicit MemorySession(MemoryStore& store) : store_(store) {}

  Result<void> write(std::span<const Write> writes, std::span<WriteResult> results) override {
    const std::lock_guard lock(store_.mutex_);
    if (store_.unavailable_) {
      std::fill(results.begin(), results.end(), result(Outcome::retry));
      return Error{Code::store_unavailable, "the store in memory was told to be unavailable"};
    }
    std::transform(writes.begin(), writes.end(), results.begin(),
                   [&](const Write& write) { return store_.write(write); });
    return {};
  }

 private:
  MemoryStore& store_;
};

Result<void> MemoryStore::prepare(std::span<const CollectionSpec> collections) {
  const std::lock_guard lock(mutex_);
  if (unavailable_) return Error{Code::store_unavailable, "the store in memory was told to be unavailable"};
  for (const CollectionSpec& spec : collections) collection(spec.name).spec = spec;
  return {};
}

std::unique_ptr<StoreSession> MemoryStore::open_session() { return std::make_unique<MemorySession>(*this); }

void MemoryStore::inject(FaultPlan plan) {
  const std::lock_guard lock(mutex_);
  plan_ = std::move(plan);
}

void MemoryStore::set_unavailable(bool unavailable) {
  const std::lock_guard lock(mutex_);
  unavailable_ = unavailable;
}

MemoryStore::Collection& MemoryStore::collection(std::string_view name) {
  const auto found = collections_.find(name);
  return found != collections_.end() ? found->second : collections_[std::string(name)];
}

const MemoryStore::Collection* MemoryStore::existing(std::string_view name) const {
  const auto found = collections_.find(name);
  return found == collections_.end() ? nullptr : &found->second;
}

WriteResult MemoryStore::write(const Write& write) {
  switch (plan_ ? plan_(write) : Fault::none) {
    case Fault::none:
      return guarded(write);
    case Fault::unavailable:
      return {Outcome::retry, Code::store_unavailable, "injected: unavailable"};
    case Fault::refused:
      return {Outcome::rejected, Code::store_refused, "injected: refused"};
    case Fault::fatal:
      return {Outcome::fatal, Code::store_fatal, "injected: fatal"};
    case Fault::lost_acknowledgement: {
      const WriteResult lost = guarded(write);
      return {Outcome::retry, Code::store_unavailable,
              std::string("injected: the answer was lost, it was ").append(to_text(lost.outcome))};
    }
    case Fault::lost_race: {
      Collection& documents = collection(write.change.document.collection);
      StoredDocument& raced = documents.documents[key_of(write.change.document.id)];
      documents.id_texts[key_of(write.change.document.id)] = id_to_text(write.change.document.id);
      const bson::View empty;
      if (!raced.content) raced.content.emplace(empty.data(), empty.data() + empty.size());
      return {Outcome::retry, Code::store_conflict, "injected: another was first"};
    }
  }
  return {Outcome::fatal, Code::internal, "a fault that there is not"};
}

WriteResult MemoryStore::guarded(const Write& write) {
  Collection& documents = collection(write.change.document.collection);
  const std::string key = key_of(write.change.document.id);
  const auto found = documents.documents.find(key);
  StoredDocument* stored = found == documents.documents.end() ? nullptr : &found->second;

  const std::string before = stored == nullptr ? std::string() : stored->marks;
  if (!marks_.read(before))
    return {Outcome::rejected, Code::store_refused, "the document's watermarks are not readable: " + before};
  switch (marks_.check(write)) {
    case Verdict::go:
      break;
    case Verdict::already_applied:
      return result(Outcome::already_applied);
    case Verdict::overtaken:
      return {Outcome::rejected, Code::store_refused, "newer events have changed the document"};
  }

  Applied applied = apply(write.change, view_of(stored), writer_);
  const bool moves = applied.outcome == Outcome::applied || applied.outcome == Outcome::skipped;
  if (!moves) return {applied.outcome, applied.code, std::move(applied.reason)};

  std::optional<std::vector<std::uint8_t>> content;
  if (applied.outcome == Outcome::skipped) {
    content = stored->content;
  } else if (!applied.removed) {
    const bson::View made = writer_.finish();
    if (const IndexSpec* taken = taken_index(documents, key, made); taken != nullptr)
      return {Outcome::waiting, Code::store_conflict,
              "another document has the same unique " + names(*taken)};
    content.emplace(made.data(), made.data() + made.size());
  }

  if (applied.outcome == Outcome::applied) ++applied_;
  if (!content && !documents.spec.tombstones) {
    documents.documents.erase(key);
    return result(applied.outcome);
  }
  marks_.note(write);
  StoredDocument& kept = documents.documents[key];
  std::string after;
  marks_.to_text(after);
  kept = {std::move(content), std::move(after)};
  documents.id_texts[key] = id_to_text(write.change.document.id);
  return result(applied.outcome);
}

const IndexSpec* MemoryStore::taken_index(const Collection& collection, const std::string& key,
                                          bson::View document) {
  for (const IndexSpec& index : collection.spec.indexes) {
    if (!index.unique) continue;
    for (const auto& [other_key, other] : collection.documents)
      if (other_key != key && other.content && same_keys(index, document, bson::View(other.content->data())))
        return &index;
  }
  return nullptr;
}

std::optional<StoredDocument> MemoryStore::find(std::string_view collection, const bson::Value& id) const {
  const std::lock_guard lock(mutex_);
  const Collection* documents = existing(collection);
  if (documents == nullptr) return std::nullopt;
  const auto found = documents->documents.find(key_of(id));
  if (found == documents->documents.end()) return std::nullopt;
  return found->second;
}

std::map<std::string, std::vector<std::uint8_t>> MemoryStore::documents(std::string_view collection) const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::vector<std::uint8_t>> all;
  if (const Collection* documents = existing(collection); documents != nullptr)
    for (const auto& [key, stored] : documents->documents)
      if (stored.content) all.emplace(documents->id_texts.at(key), *stored.content);
  return all;
}

std::vector<std::string> MemoryStore::collections() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> all;
  for (const auto& [name, documents] : collections_) all.push_back(name);
  return all;
}

void MemoryStore::erase(std::string_view collection, const bson::Value& id) {
  const std::lock_guard lock(mutex_);
  const auto documents = collections_.find(collection);
  if (documents != collections_.end()) documents->second.documents.erase(key_of(id));
}

std::uint64_t MemoryStore::applied() const {
  const std::lock_guard lock(mutex_);
  return applied_;
}

}  // namespace sluice::engine::memory
