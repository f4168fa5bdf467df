// Documents in MongoDB: the watermarks are in the documents, under _sluice, and are checked and moved by the
// same statement that changes the document (mongodb/plan.hpp). The journal is the collection _sluice of the
// same database.
#pragma once

#include <memory>
#include <optional>

#include "core/connector.hpp"
#include "mongodb/client.hpp"
#include "mongodb/journal.hpp"
#include "mongodb/session.hpp"

namespace sluice::engine::mongodb {

class MongoStore final : public Store {
 public:
  explicit MongoStore(StoreSettings settings) : settings_(std::move(settings)) {}

  Result<void> prepare(std::span<const CollectionSpec> collections) override;
  std::unique_ptr<StoreSession> open_session() override;
  // Within the hundred clients that libmongoc's pool has at most.
  unsigned max_sessions() const noexcept override { return 64; }
  Journal& journal() noexcept override { return journal_; }

 private:
  StoreSettings settings_;
  std::optional<ClientPool> pool_;
  Tombstones tombstones_;
  Limits limits_;
  MongoJournal journal_;
};

[[nodiscard]] RoleSpec<Store> store_role();

}  // namespace sluice::engine::mongodb
