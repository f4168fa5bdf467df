// Documents in memory: the whole protocol of watermarks, without a disk. For tests, which may look in, inject
// faults and open as many sessions as they like, and for trying a pipeline.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "core/store.hpp"
#include "documents/marks.hpp"
#include "memory/journal.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine::memory {

// What may be made to happen to a write.
enum class Fault : std::uint8_t {
  none,
  unavailable,           // not applied, `retry`
  lost_acknowledgement,  // handled as ever, but the answer is `retry`
  lost_race,             // another made the document (empty, without marks) just before; `retry`
  refused,               // `rejected` with store.refused
  fatal,                 // `fatal` with store.fatal
};

// A document as a test sees it; without content it is the marker of a removed one.
struct StoredDocument {
  std::optional<std::vector<std::uint8_t>> content;
  std::string marks;  // documents/marks.hpp
};

// Any thread; one mutex makes each write atomic.
class MemoryStore final : public Store {
 public:
  Result<void> prepare(std::span<const CollectionSpec> collections) override;
  std::unique_ptr<StoreSession> open_session() override;
  unsigned max_sessions() const noexcept override { return 64; }
  MemoryJournal& journal() noexcept override { return journal_; }

  // Asked before each write; called under the store's mutex, so it must not call back.
  using FaultPlan = std::function<Fault(const Write&)>;
  void inject(FaultPlan plan);
  // Until told otherwise, prepare() and whole batches fail: store.unavailable.
  void set_unavailable(bool unavailable);

  // The document, also a marker; nothing if there never was one. The id as id_to_text() gives it.
  [[nodiscard]] std::optional<StoredDocument> find(std::string_view collection, const bson::Value& id) const;
  // All documents of a collection by their ids as text, without markers.
  [[nodiscard]] std::map<std::string, std::vector<std::uint8_t>> documents(std::string_view collection) const;
  [[nodiscard]] std::vector<std::string> collections() const;
  // Takes a document away, with its marks, as another program might.
  void erase(std::string_view collection, const bson::Value& id);
  // Changes that took effect since the start.
  [[nodiscard]] std::uint64_t applied() const;

 private:
  friend class MemorySession;

  struct Collection {
    CollectionSpec spec;
    std::map<std::string, StoredDocument, std::less<>> documents;  // by type and bytes of the id
    std::map<std::string, std::string> id_texts;
  };
  [[nodiscard]] Collection& collection(std::string_view name);
  [[nodiscard]] const Collection* existing(std::string_view name) const;
  [[nodiscard]] WriteResult write(const Write& write);
  [[nodiscard]] WriteResult guarded(const Write& write);
  [[nodiscard]] static const IndexSpec* taken_index(const Collection& collection, const std::string& key,
                                                    bson::View document);

  MemoryJournal journal_;
  mutable std::mutex mutex_;
  std::map<std::string, Collection, std::less<>> collections_;
  FaultPlan plan_;
  bool unavailable_ = false;
  std::uint64_t applied_ = 0;
  Marks marks_;
  bson::Writer writer_;
};

}  // namespace sluice::engine::memory
