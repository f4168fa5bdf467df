// What is the SQLite source's own; what it shares with all sources is in tests/conformance.
#include "sqlite/source.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "core/options.hpp"
#include "sqlite/database.hpp"
#include "support/temp_folder.hpp"
#include "support/wait_until.hpp"

namespace sluice::engine::sqlite {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* outbox = R"(CREATE TABLE event_outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT, aggregate_type TEXT, aggregate_id TEXT, event_type TEXT,
  payload TEXT, created_at))";

class SqliteSource : public testing::Test, public PartitionListener {
 protected:
  void run(const std::string& sql) {
    if (!writer_) {
      Result<Database> opened =
          Database::open(folder_.file("outbox.db"), Access::create,
                         {Code::source_unavailable, Code::source_fatal}, milliseconds(60'000));
      ASSERT_TRUE(opened.ok()) << opened.error().message;
      writer_ = std::move(*opened);
    }
    const Result<void> done = writer_.run(sql);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  void insert(const std::string& payload, const std::string& created_at = "'2026-11-21T08:06:32.584684Z'") {
    run("INSERT INTO event_outbox (event_id, aggregate_type, aggregate_id, event_type, payload, created_at) "
        "VALUES ('e', 'user', 'u', 'Made', " +
        quoted_text(payload) + ", " + created_at + ")");
  }

  Result<void> open() {
    const RoleSpec<Source> role = source_role();
    Options options = default_options(role.options);
    options.set("path", folder_.file("outbox.db"));
    options.set("columns", columns_);
    options.set("table", table_);
    options.set("max_record", std::int64_t{1000});
    source_ = role.make(options, {});
    return source_->open(*this);
  }
  Error refused() {
    const Result<void> opened = open();
    if (opened.ok()) return {Code::internal, "it was not refused"};
    return opened.error();
  }

  // Polls until a record has come or an error, and gives a moment's quiet as no record.
  Result<std::vector<std::string>> poll(milliseconds timeout = milliseconds(5000)) {
    Result<Polled> polled = source_->poll(timeout);
    if (!polled) return polled.error();
    std::vector<std::string> values;
    if (!std::holds_alternative<Chunk>(*polled)) return values;
    chunk_ = std::get<Chunk>(std::move(*polled));
    for (const Record& record : chunk_.records) values.emplace_back(record.value.value_or("(none)"));
    return values;
  }
  std::vector<std::string> values() {
    Result<std::vector<std::string>> values = poll();
    return values ? *values : std::vector<std::string>{"error: " + values.error().message};
  }
  Error error() {
    Error error{Code::internal, {}};
    wait_until([&] {
      const Result<std::vector<std::string>> polled = poll(milliseconds(20));
      if (!polled) error = polled.error();
      return !polled.ok();
    });
    return error;
  }

  Result<std::optional<Progress>> assigned(PartitionId, const TopicPartition&,
                                           std::optional<Progress>) override {
    return start_;
  }
  std::optional<SafePosition> revoked(PartitionId) override { return std::nullopt; }

  TempFolder folder_;
  Database writer_;
  std::string table_ = "event_outbox";
  OptionMap columns_;
  std::optional<Progress> start_;
  std::unique_ptr<Source> source_;
  Chunk chunk_;
};

TEST_F(SqliteSource, refuses_a_key_that_may_be_given_twice_and_shows_the_statement_that_makes_a_right_one) {
  for (const char* key : {"id INTEGER PRIMARY KEY", "id INTEGER", "id TEXT PRIMARY KEY"}) {
    run("DROP TABLE IF EXISTS event_outbox; CREATE TABLE event_outbox (" + std::string(key) +
        ", event_id, aggregate_type, aggregate_id, event_type, payload, created_at)");
    const Error error = refused();
    EXPECT_EQ(error.code, Code::source_fatal) << key;
    EXPECT_THAT(error.message, HasSubstr("not INTEGER PRIMARY KEY AUTOINCREMENT"));
    EXPECT_THAT(error.message,
                HasSubstr("CREATE TABLE \"event_outbox\" (\n  \"id\" INTEGER PRIMARY KEY AUTOINCREMENT,"));
  }
}

TEST_F(SqliteSource, names_the_columns_that_are_missing) {
  run("CREATE TABLE event_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, event_id, payload, event_type, "
      "created_at)");
  const Error error = refused();
  EXPECT_EQ(error.code, Code::source_fatal);
  EXPECT_THAT(error.message, HasSubstr("has no aggregate_type, aggregate_id"));
}

TEST_F(SqliteSource, refuses_views_and_negative_keys) {
  run(outbox);
  run("INSERT INTO event_outbox (id, payload) VALUES (-5, '{}')");
  EXPECT_THAT(refused().message, HasSubstr("negative keys"));
  run("ALTER TABLE event_outbox RENAME TO real; CREATE VIEW event_outbox AS SELECT * FROM real");
  EXPECT_EQ(refused().code, Code::source_fatal);
  EXPECT_THAT(refused().message, HasSubstr("is a view"));
}

TEST_F(SqliteSource, refuses_a_file_that_is_no_database) {
  folder_.write("outbox.db", std::string(5000, 'x'));
  const Error error = refused();
  EXPECT_EQ(error.code, Code::source_fatal);
  EXPECT_THAT(error.message, HasSubstr("not an SQLite database"));
}

TEST_F(SqliteSource, waits_for_a_table_that_is_not_there_yet) {
  run("CREATE TABLE other (a)");
  const Error error = refused();
  EXPECT_EQ(error.code, Code::source_unavailable);
  EXPECT_THAT(error.message, HasSubstr("CREATE TABLE \"event_outbox\""));
  run(outbox);
  insert("1");
  ASSERT_TRUE(source_->open(*this).ok());
  EXPECT_THAT(values(), ElementsAre("1"));
}

TEST_F(SqliteSource, refuses_to_rename_a_column_that_there_is_not) {
  columns_ = {{"agregate_id", "x"}};
  EXPECT_THROW(refused(), ConfigurationError);
}

TEST_F(SqliteSource, reads_a_table_of_other_names) {
  run("CREATE TABLE \"my \"\"outbox\" (seq INTEGER PRIMARY KEY AUTOINCREMENT, uuid, kind, aggregate_id, "
      "type, "
      "\"the payload\", at)");
  run("INSERT INTO \"my \"\"outbox\" VALUES (7, 'e', 'user', 12, 'Made', '{}', 1795248397932)");
  table_ = "my \"outbox";
  columns_ = {{"id", "seq"},          {"event_id", "uuid"},       {"aggregate_type", "kind"},
              {"event_type", "type"}, {"payload", "the payload"}, {"created_at", "at"}};
  ASSERT_TRUE(open().ok());
  ASSERT_THAT(values(), ElementsAre("{}"));
  const Record& record = chunk_.records.front();
  EXPECT_EQ(record.position, Position{7});
  EXPECT_EQ(record.topic, "my \"outbox");
  EXPECT_EQ(record.key, "12");
  EXPECT_EQ(to_text(record.timestamp), "2026-11-21T08:06:37.932000Z");
}

TEST_F(SqliteSource, tells_the_time_of_a_row_as_the_records) {
  run(outbox);
  insert("{}");
  insert("{}", "1795248397932123");
  insert("{}", "'no time'");
  ASSERT_TRUE(open().ok());
  ASSERT_THAT(values(), SizeIs(3));
  EXPECT_EQ(to_text(chunk_.records[0].timestamp), "2026-11-21T08:06:32.584684Z");
  EXPECT_EQ(to_text(chunk_.records[1].timestamp), "2026-11-21T08:06:37.932123Z");
  EXPECT_EQ(chunk_.records[1].timestamp_kind, TimestampKind::create);
  EXPECT_EQ(chunk_.records[2].timestamp_kind, TimestampKind::none);
  EXPECT_EQ(chunk_.records[2].headers[4].value, "no time");
}

TEST_F(SqliteSource, goes_on_over_rows_that_were_pruned) {
  run(outbox);
  for (int i = 1; i <= 5; ++i) insert(std::to_string(i));
  ASSERT_TRUE(open().ok());
  EXPECT_THAT(values(), SizeIs(5));
  run("DELETE FROM event_outbox");
  EXPECT_THAT(*poll(milliseconds(100)), IsEmpty());
  EXPECT_EQ(source_->end(PartitionId{0}), Position{6});
  insert("6");
  EXPECT_THAT(values(), ElementsAre("6"));
  EXPECT_EQ(chunk_.records.front().position, Position{6});
}

TEST_F(SqliteSource, stops_when_the_table_is_made_anew_while_it_reads) {
  run(outbox);
  for (int i = 1; i <= 5; ++i) insert(std::to_string(i));
  ASSERT_TRUE(open().ok());
  EXPECT_THAT(values(), SizeIs(5));
  run(std::string("BEGIN; DROP TABLE event_outbox; ") + outbox + "; COMMIT");
  insert("1");
  EXPECT_EQ(error().code, Code::source_recreated);
}

TEST_F(SqliteSource, waits_while_the_table_is_gone) {
  run(outbox);
  ASSERT_TRUE(open().ok());
  EXPECT_THAT(*poll(milliseconds(0)), IsEmpty());
  run("ALTER TABLE event_outbox RENAME TO away");
  EXPECT_EQ(error().code, Code::source_unavailable);
  EXPECT_THAT(error().message, HasSubstr("there is no table event_outbox"));
  run("ALTER TABLE away RENAME TO event_outbox");
  insert("1");
  EXPECT_THAT(values(), ElementsAre("1"));
}

TEST_F(SqliteSource, is_unavailable_while_another_program_locks_the_database) {
  run(outbox);
  insert("1");
  ASSERT_TRUE(open().ok());
  run("BEGIN EXCLUSIVE");
  const Error locked = error();
  EXPECT_EQ(locked.code, Code::source_unavailable);
  EXPECT_THAT(locked.message, HasSubstr("locked by another program"));
  run("COMMIT");
  EXPECT_THAT(values(), ElementsAre("1"));
}

TEST_F(SqliteSource, reads_nothing_of_a_transaction_before_its_commit) {
  run("PRAGMA journal_mode = wal");
  run(outbox);
  ASSERT_TRUE(open().ok());
  run("BEGIN IMMEDIATE");
  insert("1");
  insert("2");
  EXPECT_THAT(*poll(milliseconds(50)), IsEmpty());
  run("COMMIT");
  EXPECT_THAT(values(), ElementsAre("1", "2"));
}

TEST_F(SqliteSource, keeps_nobody_from_writing) {
  run(outbox);
  ASSERT_TRUE(open().ok());
  for (int i = 0; i < 20; ++i) {
    insert(std::to_string(i));
    EXPECT_THAT(values(), ElementsAre(std::to_string(i)));
  }
  run("PRAGMA journal_mode = wal");
  insert("wal");
  EXPECT_THAT(values(), ElementsAre("wal"));
}

TEST_F(SqliteSource, hands_on_the_beginning_of_a_payload_that_is_too_long_as_a_fault) {
  run(outbox);
  insert(std::string(1001, 'x'));
  insert(std::string(1000, 'y'));
  ASSERT_TRUE(open().ok());
  EXPECT_THAT(values(), ElementsAre(std::string(1000, 'x'), std::string(1000, 'y')));
  ASSERT_NE(chunk_.records[0].fault, nullptr);
  EXPECT_EQ(chunk_.records[0].fault->code, Code::decode_too_large);
  EXPECT_EQ(chunk_.records[1].fault, nullptr);
}

TEST_F(SqliteSource, stops_at_a_key_that_is_no_position) {
  run(outbox);
  run("INSERT INTO event_outbox (id, payload) VALUES (72057594037927936, '{}')");
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(error().code, Code::source_fatal);
}

TEST_F(SqliteSource, reads_a_database_in_utf_16) {
  run("PRAGMA encoding = 'UTF-16le'");
  run(outbox);
  insert("{\"a\":\"\xC3\xA4\"}");
  ASSERT_TRUE(open().ok());
  EXPECT_THAT(values(), ElementsAre("{\"a\":\"\xC3\xA4\"}"));
}

// A writer that dies within its transaction leaves a journal that somebody must roll back, which a reader of
// read-only access may not.
TEST_F(SqliteSource, reads_a_database_whose_writer_crashed) {
  run(outbox);
  insert("1");
  writer_ = {};
  const pid_t writer = ::fork();
  ASSERT_GE(writer, 0);
  if (writer == 0) {
    run("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE; UPDATE event_outbox SET payload = "
        "'lost'");
    for (int i = 0; i < 50; ++i) insert(std::string(4000, 'x'));
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(writer, &status, 0), writer);
  ASSERT_TRUE(std::filesystem::exists(folder_.file("outbox.db-journal")));
  const Error first = refused();
  EXPECT_EQ(first.code, Code::source_unavailable) << first.message;
  ASSERT_TRUE(source_->open(*this).ok());
  EXPECT_THAT(values(), ElementsAre("1"));
}

}  // namespace

}  // namespace sluice::engine::sqlite
