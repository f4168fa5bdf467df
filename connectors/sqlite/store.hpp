// Documents in an SQLite database: one table for each collection (sqlite/table.hpp), guards checked in the
// transaction that writes, one transaction for each batch. SQLite has one writer at a time, so all sessions
// and the journal share one connection and take turns; other programs may read, and write, at the same time.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/connector.hpp"
#include "sqlite/database.hpp"
#include "sqlite/journal.hpp"
#include "sqlite/table.hpp"

namespace sluice::engine::sqlite {

struct StoreSettings {
  std::string path;
  bool sync_full = true;  // each batch outlives a power failure; otherwise only a crash of the program
  milliseconds patience{5000};
  std::int64_t cache_bytes = std::int64_t{16} << 20U;
};

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(StoreSettings settings);
  ~SqliteStore() override;

  Result<void> prepare(std::span<const CollectionSpec> collections) override;
  std::unique_ptr<StoreSession> open_session() override;
  unsigned max_sessions() const noexcept override { return 2; }  // one renders JSON while the other writes
  Journal& journal() noexcept override { return journal_; }

 private:
  friend class SqliteSession;

  // With the mutex held, all of them.
  [[nodiscard]] Result<void> connect();
  [[nodiscard]] Result<void> make_tables(std::span<const CollectionSpec> collections);
  [[nodiscard]] Result<Table*> table(std::string_view collection);
  [[nodiscard]] Result<void> write(std::span<const Write> writes, std::span<const std::string_view> contents,
                                   std::span<WriteResult> results);

  StoreSettings settings_;
  std::mutex mutex_;
  Database database_;
  SqliteJournal journal_{database_, mutex_};
  std::map<std::string, Table, std::less<>> tables_;
  Scratch scratch_;
};

[[nodiscard]] RoleSpec<Store> store_role();

}  // namespace sluice::engine::sqlite
