// A store under the conformance suite, and the way to look into it from outside.
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/store.hpp"
#include "support/document.hpp"

namespace sluice::engine {

class StoreWorld {
 public:
  virtual ~StoreWorld() = default;

  // The store, not yet prepared at first.
  [[nodiscard]] virtual Store& store() = 0;
  // Puts another instance over the same documents in its place, as a restart of the program does.
  virtual void restart() = 0;

  // A document as another program reads it, without its id and what sluice keeps; nothing for a tombstone.
  [[nodiscard]] virtual std::optional<Document> find(std::string_view collection, const bson::Value& id) = 0;
  [[nodiscard]] virtual std::size_t count(std::string_view collection) = 0;
};

struct StoreKind {
  std::string name;
  std::unique_ptr<StoreWorld> (*make)();
  friend std::ostream& operator<<(std::ostream& out, const StoreKind& kind) { return out << kind.name; }
};

// The kinds that a test program goes through: store_worlds.cpp has those that need nothing but files,
// store_mongodb.cpp the one that needs a server.
[[nodiscard]] std::vector<StoreKind> all_stores();

}  // namespace sluice::engine
