// The SQLite store when things go wrong around it, and what only it promises.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "sqlite/store.hpp"
#include "support/temp_folder.hpp"
#include "support/writing.hpp"

namespace sluice::engine {
namespace {

using sqlite::Access;
using sqlite::Database;
using sqlite::SqliteStore;
using testing::HasSubstr;

constexpr sqlite::Codes codes{Code::store_unavailable, Code::store_fatal};

class SqliteStoreTest : public testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return folder_.file("documents.db"); }
  [[nodiscard]] sqlite::StoreSettings settings() const { return {path(), true, milliseconds(20)}; }
  // Another program's connection.
  [[nodiscard]] Database other() const {
    return Database::open(path(), Access::create, codes, milliseconds(20)).value();
  }
  [[nodiscard]] const TempFolder& folder() const { return folder_; }

  static WriteResult write(StoreSession& session, const Writing& writing) {
    const Write one = writing.write();
    WriteResult result;
    const auto written = session.write({&one, 1}, {&result, 1});
    EXPECT_TRUE(written || written.error().message == result.reason);
    return result;
  }
  static Writing insert(std::string_view id, std::string_view content = "{'n':1}") {
    return Writing(ChangeKind::insert, "users", id).content(content);
  }

 private:
  TempFolder folder_;
};

TEST_F(SqliteStoreTest, keeps_documents_that_the_shell_can_read) {
  SqliteStore store(settings());
  ASSERT_TRUE(store.prepare({}));
  const auto session = store.open_session();
  write(*session, insert("'a'", "{'name':'Anna','born':{'$date':'1990-01-01T00:00:00Z'}}").at(7));
  write(*session, insert("5").at(8));
  Database reader = other();
  EXPECT_EQ(reader.ask("SELECT document FROM users WHERE _id = 'a'").value(),
            R"({"name":"Anna","born":{"$date":"1990-01-01T00:00:00.000Z"}})");
  EXPECT_EQ(reader.ask("SELECT document ->> '$.name' FROM users WHERE _id = 'a'").value(), "Anna");
  EXPECT_EQ(reader.ask("SELECT _sluice FROM users WHERE _id = 'a'").value(), R"({"k3vq2xha_0":7})");
  EXPECT_EQ(
      reader.ask("SELECT group_concat(typeof(_id)) FROM (SELECT _id FROM users ORDER BY rowid)").value(),
      "text,integer");
}

TEST_F(SqliteStoreTest, makes_indexes_that_queries_use) {
  SqliteStore store(settings());
  const std::vector<CollectionSpec> specs{{"users", {{{{"address.city"}}, false}}, false}};
  ASSERT_TRUE(store.prepare(specs));
  Database reader = other();
  auto plan = reader.prepare(
      R"(EXPLAIN QUERY PLAN SELECT * FROM users WHERE json_extract(document, '$."address"."city"') = 'Lyon')");
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->step(), SQLITE_ROW);
  EXPECT_THAT(std::string(plan->text(3)), HasSubstr("users(address.city)"));
}

TEST_F(SqliteStoreTest, tries_again_while_another_program_holds_the_lock) {
  SqliteStore store(settings());
  ASSERT_TRUE(store.prepare({}));
  const auto session = store.open_session();
  ASSERT_EQ(write(*session, insert("'a'").at(1)).outcome, Outcome::applied);
  Database holder = other();
  ASSERT_TRUE(holder.run("BEGIN IMMEDIATE"));
  const WriteResult locked = write(*session, insert("'b'").at(2));
  EXPECT_EQ(locked.outcome, Outcome::retry);
  EXPECT_EQ(locked.code, Code::store_unavailable);
  EXPECT_THAT(locked.reason, HasSubstr("locked by another program"));
  const std::vector<PositionRecord> records{{{"t", 0}, {}, Position{1}, Position{0}}};
  EXPECT_EQ(store.journal().save_positions("p", records).error().code, Code::store_unavailable);
  ASSERT_TRUE(holder.run("ROLLBACK"));
  EXPECT_EQ(write(*session, insert("'b'").at(2)).outcome, Outcome::applied);
  EXPECT_TRUE(store.journal().save_positions("p", records));
}

TEST_F(SqliteStoreTest, takes_over_positions_that_were_recorded_before_there_were_origins) {
  ASSERT_TRUE(other().run(
      "CREATE TABLE _sluice_positions (pipeline TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT "
      "NULL, "
      "share_index INTEGER NOT NULL, share_of INTEGER NOT NULL, next INTEGER NOT NULL, last INTEGER NOT "
      "NULL, "
      "last_timestamp TEXT NOT NULL, last_checksum INTEGER NOT NULL, "
      "PRIMARY KEY (pipeline, topic, partition, share_of, share_index)) WITHOUT ROWID;"
      "INSERT INTO _sluice_positions VALUES ('p', 't', 0, 0, 1, 7, 6, '2026-11-21T08:00:00.000000Z', 4711)"));
  SqliteStore store(settings());
  ASSERT_TRUE(store.prepare({}));
  auto records = store.journal().positions("p").value();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].next, Position{7});
  EXPECT_EQ(records[0].witness.checksum, 4711U);
  EXPECT_TRUE(records[0].origins.empty());
  ASSERT_TRUE(records[0].origins.add({.source = 1, .place = 2}));
  ASSERT_TRUE(store.journal().save_positions("p", records));
  EXPECT_EQ(store.journal().positions("p").value()[0].origins, records[0].origins);
}

TEST_F(SqliteStoreTest, writes_while_another_program_reads) {
  SqliteStore store(settings());
  ASSERT_TRUE(store.prepare({}));
  const auto session = store.open_session();
  ASSERT_EQ(write(*session, insert("'a'").at(1)).outcome, Outcome::applied);
  Database reader = other();
  ASSERT_TRUE(reader.run("BEGIN"));
  ASSERT_EQ(reader.ask("SELECT count(*) FROM users").value(), "1");
  EXPECT_EQ(write(*session, insert("'b'").at(2)).outcome, Outcome::applied);
  EXPECT_EQ(reader.ask("SELECT count(*) FROM users").value(), "1") << "its own moment";
}

// Files may not grow beyond so many bytes while this lives, as on a full disk.
class NoRoom {
 public:
  explicit NoRoom(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit limit{bytes, before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~NoRoom() {
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &before_), 0);
    std::signal(SIGXFSZ, handler_);
  }
  NoRoom(const NoRoom&) = delete;
  NoRoom& operator=(const NoRoom&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_F(SqliteStoreTest, tries_again_while_the_disk_is_full_and_loses_nothing) {
  SqliteStore store(settings());
  ASSERT_TRUE(store.prepare({}));
  const auto session = store.open_session();
  const std::string content = "{'text':'" + std::string(20'000, 'x') + "'}";
  std::int64_t sequence = 1;
  ASSERT_EQ(write(*session, insert("'first'", content).at(sequence)).outcome, Outcome::applied);
  WriteResult full;
  {
    const NoRoom limit(256 * 1024);
    do {
      ++sequence;
      full = write(*session, insert(std::to_string(sequence), content).at(sequence));
    } while (full.outcome == Outcome::applied && sequence < 100);
    EXPECT_EQ(full.outcome, Outcome::retry);
    EXPECT_EQ(full.code, Code::store_unavailable);
    EXPECT_THAT(full.reason, HasSubstr("is the disk full"));
  }
  EXPECT_EQ(write(*session, insert(std::to_string(sequence), content).at(sequence)).outcome,
            Outcome::applied);
  EXPECT_EQ(other().ask("SELECT count(*) FROM users").value(), std::to_string(sequence));
}

TEST_F(SqliteStoreTest, waits_for_a_folder_that_is_missing) {
  SqliteStore store({folder().file("later/documents.db"), true, milliseconds(20)});
  const auto missing = store.prepare({});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::store_unavailable);
  EXPECT_THAT(missing.error().message, HasSubstr("does not exist"));
  EXPECT_EQ(write(*store.open_session(), insert("'a'").at(1)).outcome, Outcome::retry);
  EXPECT_EQ(store.journal().positions("p").error().code, Code::store_unavailable);
  std::filesystem::create_directory(folder().file("later"));
  EXPECT_TRUE(store.prepare({}));
  EXPECT_EQ(write(*store.open_session(), insert("'a'").at(1)).outcome, Outcome::applied);
}

TEST_F(SqliteStoreTest, gives_up_on_a_file_that_is_no_database) {
  folder().write("documents.db", std::string(8192, 'x'));
  SqliteStore store(settings());
  const auto refused = store.prepare({});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::store_fatal);
  EXPECT_THAT(refused.error().message, HasSubstr("is not an SQLite database"));
}

TEST_F(SqliteStoreTest, gives_up_on_a_damaged_database) {
  {
    SqliteStore store(settings());
    ASSERT_TRUE(store.prepare({}));
    ASSERT_EQ(write(*store.open_session(), insert("'a'").at(1)).outcome, Outcome::applied);
  }
  std::string bytes = folder().read("documents.db");
  ASSERT_GT(bytes.size(), 4096U);
  std::fill(bytes.begin() + 100, bytes.begin() + 4096, '\xee');
  folder().write("documents.db", bytes);
  SqliteStore store(settings());
  const auto refused = store.prepare({});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::store_fatal);
}

TEST_F(SqliteStoreTest, gives_up_on_a_table_of_another_program) {
  ASSERT_TRUE(other().run("CREATE TABLE users (name TEXT)"));
  SqliteStore store(settings());
  const std::vector<CollectionSpec> specs{{"users", {}, false}};
  const auto refused = store.prepare(specs);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::store_fatal);
  EXPECT_THAT(refused.error().message, HasSubstr("another program's"));
}

TEST_F(SqliteStoreTest, gives_up_on_collections_that_would_be_one_table) {
  SqliteStore store(settings());
  const std::vector<CollectionSpec> specs{{"users", {}, false}, {"Users", {}, false}};
  const auto refused = store.prepare(specs);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("'users' and 'Users'"));
}

TEST_F(SqliteStoreTest, refuses_changes_of_a_collection_that_is_another_ones_table) {
  const Writing lower = Writing(ChangeKind::patch, "users", "1").inc("n", "1").at(7);
  const Writing upper = Writing(ChangeKind::patch, "Users", "1").inc("n", "1").at(7);  // of the same event
  const std::vector<Write> writes{lower.write(), upper.write()};
  for (const Outcome first : {Outcome::applied, Outcome::already_applied}) {  // and after a restart
    SqliteStore store(settings());
    ASSERT_TRUE(store.prepare({}));
    std::vector<WriteResult> results(2);
    ASSERT_TRUE(store.open_session()->write(writes, results));
    EXPECT_EQ(results[0].outcome, first);
    EXPECT_EQ(results[1].outcome, Outcome::rejected);
    EXPECT_EQ(results[1].code, Code::store_refused);
    EXPECT_THAT(results[1].reason, HasSubstr("the table 'users'"));
  }
  SqliteStore store(settings());
  const auto prepared = store.prepare(std::vector<CollectionSpec>{{"Users", {}, false}});
  ASSERT_FALSE(prepared);
  EXPECT_EQ(prepared.error().code, Code::store_fatal);
}

TEST_F(SqliteStoreTest, gives_up_when_its_file_is_deleted_while_in_use) {
  SqliteStore store(settings());
  ASSERT_TRUE(store.prepare({}));
  const auto session = store.open_session();
  ASSERT_EQ(write(*session, insert("'a'").at(1)).outcome, Outcome::applied);
  std::filesystem::remove(path());
  const WriteResult lost = write(*session, insert("'b'").at(2));
  EXPECT_EQ(lost.outcome, Outcome::fatal);
  EXPECT_THAT(lost.reason, HasSubstr("moved or deleted"));
}

TEST_F(SqliteStoreTest, refuses_documents_that_someone_has_made_unreadable) {
  SqliteStore store(settings());
  ASSERT_TRUE(store.prepare({}));
  const auto session = store.open_session();
  ASSERT_EQ(write(*session, insert("'a'").at(1)).outcome, Outcome::applied);
  ASSERT_EQ(write(*session, insert("'b'").at(1)).outcome, Outcome::applied);
  ASSERT_TRUE(other().run("UPDATE users SET _sluice = 'x' WHERE _id = 'a'"));
  ASSERT_TRUE(other().run("UPDATE users SET document = 'x' WHERE _id = 'b'"));
  for (const char* id : {"'a'", "'b'"}) {
    const WriteResult refused = write(*session, Writing(ChangeKind::patch, "users", id).inc("n", "1").at(2));
    EXPECT_EQ(refused.outcome, Outcome::rejected) << id;
    EXPECT_EQ(refused.code, Code::store_refused) << id;
    EXPECT_FALSE(refused.reason.empty()) << id;
  }
}

// Writes batches of two and tells each acknowledged one by a byte, until it is killed.
[[noreturn]] void write_until_killed(const std::string& path, int acknowledgements) {
  SqliteStore store({path, true, milliseconds(1000)});
  if (!store.prepare({})) _exit(1);
  const auto session = store.open_session();
  for (std::int64_t sequence = 1;; ++sequence) {
    const Writing a = Writing(ChangeKind::patch, "users", "'a'").inc("n", "1").at(sequence);
    const Writing b = Writing(ChangeKind::patch, "users", "'b'").inc("n", "1").at(sequence);
    const std::vector<Write> writes{a.write(), b.write()};
    std::vector<WriteResult> results(writes.size());
    if (!session->write(writes, results) || ::write(acknowledgements, "a", 1) != 1) _exit(1);
  }
}

TEST_F(SqliteStoreTest, keeps_what_it_acknowledged_and_whole_batches_when_killed) {
  for (const int kill_after : {1, 7, 20}) {
    std::filesystem::remove_all(path());
    std::filesystem::remove_all(path() + "-wal");
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) write_until_killed(path(), ends[1]);
    ::close(ends[1]);
    int acknowledged = 0;
    char byte = 0;
    while (acknowledged < kill_after && ::read(ends[0], &byte, 1) == 1) ++acknowledged;
    ASSERT_EQ(acknowledged, kill_after);
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    while (::read(ends[0], &byte, 1) == 1) ++acknowledged;
    ::close(ends[0]);

    SqliteStore store(settings());
    ASSERT_TRUE(store.prepare({}));
    Database reader = other();
    const std::int64_t a =
        std::stoll(reader.ask("SELECT document ->> 'n' FROM users WHERE _id = 'a'").value());
    const std::int64_t b =
        std::stoll(reader.ask("SELECT document ->> 'n' FROM users WHERE _id = 'b'").value());
    EXPECT_EQ(a, b);
    EXPECT_GE(a, acknowledged);
    EXPECT_LE(a, acknowledged + 1);
    EXPECT_EQ(
        write(*store.open_session(), Writing(ChangeKind::patch, "users", "'a'").inc("n", "1").at(a)).outcome,
        Outcome::already_applied);
  }
}

}  // namespace
}  // namespace sluice::engine
