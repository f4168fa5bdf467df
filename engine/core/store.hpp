// Where documents live.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/journal.hpp"
#include "core/write.hpp"

namespace sluice::engine {

struct IndexSpec {
  struct Key {
    std::string path;
    bool descending = false;
  };
  std::vector<Key> keys;
  bool unique = false;
};

// `remove` of a document: with `tombstones` a marker keeps its watermarks, which is exact under every fault;
// without, the watermarks go with the document.
struct CollectionSpec {
  std::string name;  // as the store calls it
  std::vector<IndexSpec> indexes;
  bool tombstones = false;
};

// One writer's way into the store: used by one thread at a time.
class StoreSession {
 public:
  virtual ~StoreSession() = default;

  // Executes a batch and sets one result for each write; results.size() == writes.size().
  // Preconditions: at most one write for a document; guards as in core/write.hpp.
  // Blocks until the results are durable or known. Never throws. When the store as a whole is out of reach
  // all results are `retry` and the return value says why; it is empty otherwise.
  virtual Result<void> write(std::span<const Write> writes, std::span<WriteResult> results) = 0;
};

// Thread-safe, but for prepare, which comes first.
class Store {
 public:
  virtual ~Store() = default;

  // Connects, checks what can be checked, makes collections and indexes. store.unavailable: try again later;
  // store.fatal: never will.
  [[nodiscard]] virtual Result<void> prepare(std::span<const CollectionSpec> collections) = 0;

  // Sessions outlive neither the store nor its preparation. At most max_sessions() at a time.
  [[nodiscard]] virtual std::unique_ptr<StoreSession> open_session() = 0;
  [[nodiscard]] virtual unsigned max_sessions() const noexcept = 0;

  [[nodiscard]] virtual Journal& journal() noexcept = 0;
};

}  // namespace sluice::engine
