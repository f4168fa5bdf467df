#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>

#include "core/options.hpp"
#include "source_world.hpp"
#include "sqlite/database.hpp"
#include "sqlite/source.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine::conformance {

namespace {

constexpr const char* table = R"(CREATE TABLE event_outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id TEXT, aggregate_type TEXT, aggregate_id TEXT, event_type TEXT, payload TEXT, created_at TEXT))";

template <class T>
T sure(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class SqliteWorld final : public SourceWorld {
 public:
  explicit SqliteWorld(std::string journal_mode) : journal_mode_(std::move(journal_mode)) {
    make("outbox.db");
  }

  [[nodiscard]] std::unique_ptr<Source> make_source() override {
    const RoleSpec<Source> role = sqlite::source_role();
    Options options = default_options(role.options);
    options.set("path", folder_.file("outbox.db"));
    return role.make(options, {});
  }

  void append(int, const std::vector<Sent>& records) override {
    sqlite::Transaction transaction(writer_);
    sure(transaction.begin());
    auto insert = sure(writer_.prepare(
        "INSERT INTO event_outbox (event_id, aggregate_type, aggregate_id, event_type, payload, "
        "created_at) VALUES ('e', 'user', ?1, 'Made', ?2, '2026-11-21T08:06:32.584684Z')"));
    for (const Sent& record : records) {
      record.key ? insert.bind(1, *record.key) : insert.bind_null(1);
      record.value ? insert.bind(2, *record.value) : insert.bind_null(2);
      if (insert.step() != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(writer_.get()));
      insert.reset();
    }
    sure(transaction.commit());
  }

  void take_away() override { move("outbox.db", "away.db"); }
  void bring_back() override {
    move("away.db", "outbox.db");
    writer_ = sure(open("outbox.db"));
  }

  void recreate() override {
    std::filesystem::remove(folder_.file("outbox.db-wal"));
    std::filesystem::remove(folder_.file("outbox.db-shm"));
    make("new.db");
    move("new.db", "outbox.db");
    writer_ = sure(open("outbox.db"));
  }

  [[nodiscard]] int partitions() const override { return 1; }
  [[nodiscard]] std::string topic() const override { return "event_outbox"; }
  [[nodiscard]] Sent expected(const Sent& sent) const override {
    return {.key = sent.key,
            .value = sent.value,
            .headers = {{"id", "e"},
                        {"eventType", "Made"},
                        {"aggregateType", "user"},
                        {"aggregateId", sent.key},
                        {"createdAt", "2026-11-21T08:06:32.584684Z"}}};
  }

 private:
  [[nodiscard]] Result<sqlite::Database> open(const char* name) {
    return sqlite::Database::open(folder_.file(name), sqlite::Access::create,
                                  {Code::source_unavailable, Code::source_fatal}, milliseconds(60'000));
  }
  void make(const char* name) {
    writer_ = sure(open(name));
    sure(writer_.run("PRAGMA journal_mode = " + journal_mode_ + "; PRAGMA synchronous = off"));
    sure(writer_.run(table));
  }
  // As one moves a database: nobody writes it, and all of it is in its file.
  void move(const std::string& from, const std::string& to) {
    if (writer_ && journal_mode_ == "wal") sure(writer_.run("PRAGMA wal_checkpoint(TRUNCATE)"));
    writer_ = {};
    for (const char* part : {"", "-wal", "-shm"}) {
      if (std::filesystem::exists(folder_.file(from + part)))
        std::filesystem::rename(folder_.file(from + part), folder_.file(to + part));
    }
  }

  std::string journal_mode_;
  TempFolder folder_;
  sqlite::Database writer_;
};

}  // namespace

std::unique_ptr<SourceWorld> make_sqlite_wal_world() { return std::make_unique<SqliteWorld>("wal"); }
std::unique_ptr<SourceWorld> make_sqlite_rollback_world() { return std::make_unique<SqliteWorld>("delete"); }

}  // namespace sluice::engine::conformance
