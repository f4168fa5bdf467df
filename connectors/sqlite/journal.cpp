#include "sqlite/journal.hpp"

namespace sluice::engine::sqlite {
namespace {

constexpr const char* journal_tables = R"(
CREATE TABLE IF NOT EXISTS _sluice_positions (
  pipeline TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,
  share_index INTEGER NOT NULL, share_of INTEGER NOT NULL,
  next INTEGER NOT NULL, last INTEGER NOT NULL, last_timestamp TEXT NOT NULL, last_checksum INTEGER NOT NULL,
  origins TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (pipeline, topic, partition, share_of, share_index)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS _sluice_breakers (
  pipeline TEXT NOT NULL PRIMARY KEY, opened TEXT NOT NULL, reason TEXT NOT NULL, fingerprint TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS _sluice_letters (
  pipeline TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL, position INTEGER NOT NULL,
  generation INTEGER NOT NULL, handler TEXT NOT NULL, collection TEXT NOT NULL, document TEXT NOT NULL,
  disposition TEXT NOT NULL, at TEXT NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (pipeline, topic, partition, position, generation, handler, collection, document)) WITHOUT ROWID;
)";

Timestamp time_of(std::string_view text) { return parse_timestamp(text).value_or(Timestamp{}); }

constexpr std::string_view select_letters =
    "SELECT topic, partition, position, generation, handler, collection, document, disposition, at, code, "
    "reason FROM _sluice_letters WHERE pipeline = ?1";

LetterRecord letter_of(Statement& row) {
  LetterRecord record;
  record.partition = {std::string(row.text(0)), static_cast<std::int32_t>(row.integer(1))};
  record.position = Position{row.integer(2)};
  record.generation = static_cast<int>(row.integer(3));
  record.change = {std::string(row.text(4)), std::string(row.text(5)), std::string(row.text(6))};
  record.disposition = disposition_of(row.text(7));
  record.when = time_of(row.text(8));
  record.code = code_from(row.text(9)).value_or(Code::internal);
  record.reason = std::string(row.text(10));
  return record;
}

}  // namespace

Result<void> SqliteJournal::make_tables() {
  if (auto made = database_.run(journal_tables); !made) return made;
  const auto origins =
      database_.ask("SELECT name FROM pragma_table_info('_sluice_positions') WHERE name = 'origins'");
  if (!origins) return origins.error();
  if (!origins->empty()) return {};
  return database_.run("ALTER TABLE _sluice_positions ADD COLUMN origins TEXT NOT NULL DEFAULT ''");
}

Result<void> SqliteJournal::query(std::string_view sql, std::string_view pipeline, const Bind& row) {
  const std::lock_guard lock(mutex_);
  auto statement = database_.prepare(sql);
  if (!statement) return statement.error();
  if (!pipeline.empty()) statement->bind(1, pipeline);
  for (;;) {
    const int code = statement->step();
    if (code == SQLITE_DONE) return {};
    if (code != SQLITE_ROW) return database_.error(code);
    row(*statement);
  }
}

Result<void> SqliteJournal::execute(std::string_view sql, std::size_t times,
                                    const std::function<void(Statement&, std::size_t)>& bind) {
  const std::lock_guard lock(mutex_);
  auto statement = database_.prepare(sql);
  if (!statement) return statement.error();
  Transaction transaction(database_);
  if (auto begun = transaction.begin(); !begun) return begun;
  for (std::size_t i = 0; i < times; ++i) {
    bind(*statement, i);
    const int code = statement->step();
    statement->reset();
    if (code != SQLITE_DONE) return database_.error(code);
  }
  return transaction.commit();
}

Result<std::vector<PositionRecord>> SqliteJournal::positions(std::string_view pipeline) {
  std::vector<PositionRecord> records;
  auto asked = query(
      "SELECT * FROM _sluice_positions WHERE pipeline = ?1 ORDER BY topic, partition, share_of, share_index",
      pipeline, [&](Statement& row) {
        PositionRecord record;
        record.partition = {std::string(row.text(1)), static_cast<std::int32_t>(row.integer(2))};
        record.share = {static_cast<std::uint32_t>(row.integer(3)),
                        static_cast<std::uint32_t>(row.integer(4))};
        record.next = Position{row.integer(5)};
        record.witness = {Position{row.integer(6)}, static_cast<std::uint64_t>(row.integer(8))};
        record.last_timestamp = time_of(row.text(7));
        // A table that was made before there were origins has no such column.
        record.origins = Origins::from_text(row.text(9));
        records.push_back(std::move(record));
      });
  if (!asked) return asked.error();
  return records;
}

Result<void> SqliteJournal::save_positions(std::string_view pipeline,
                                           std::span<const PositionRecord> records) {
  std::string timestamp;
  std::string origins;
  return execute(
      "INSERT OR REPLACE INTO _sluice_positions (pipeline, topic, partition, share_index, share_of, "
      "next, last, last_timestamp, last_checksum, origins) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      records.size(), [&](Statement& statement, std::size_t i) {
        const PositionRecord& record = records[i];
        timestamp = to_text(record.last_timestamp);
        origins = record.origins.to_text();
        statement.bind(1, pipeline);
        statement.bind(2, record.partition.topic);
        statement.bind(3, std::int64_t{record.partition.partition});
        statement.bind(4, std::int64_t{record.share.index});
        statement.bind(5, std::int64_t{record.share.of});
        statement.bind(6, record.next.value);
        statement.bind(7, record.witness.position.value);
        statement.bind(8, timestamp);
        statement.bind(9, static_cast<std::int64_t>(record.witness.checksum));
        statement.bind(10, origins);
      });
}

Result<void> SqliteJournal::forget_positions(std::string_view pipeline,
                                             const std::optional<TopicPartition>& partition) {
  if (!partition)
    return execute("DELETE FROM _sluice_positions WHERE pipeline = ?1", 1,
                   [&](Statement& statement, std::size_t) { statement.bind(1, pipeline); });
  return execute("DELETE FROM _sluice_positions WHERE pipeline = ?1 AND topic = ?2 AND partition = ?3", 1,
                 [&](Statement& statement, std::size_t) {
                   statement.bind(1, pipeline);
                   statement.bind(2, partition->topic);
                   statement.bind(3, std::int64_t{partition->partition});
                 });
}

Result<std::optional<BreakerRecord>> SqliteJournal::breaker(std::string_view pipeline) {
  std::optional<BreakerRecord> record;
  auto asked = query(
      "SELECT opened, reason, fingerprint FROM _sluice_breakers WHERE pipeline = ?1", pipeline,
      [&](Statement& row) {
        record = BreakerRecord{time_of(row.text(0)), std::string(row.text(1)), std::string(row.text(2))};
      });
  if (!asked) return asked.error();
  return record;
}

Result<void> SqliteJournal::open_breaker(std::string_view pipeline, const BreakerRecord& record) {
  const std::string opened = to_text(record.opened);
  return execute("INSERT OR REPLACE INTO _sluice_breakers VALUES (?1, ?2, ?3, ?4)", 1,
                 [&](Statement& statement, std::size_t) {
                   statement.bind(1, pipeline);
                   statement.bind(2, opened);
                   statement.bind(3, record.reason);
                   statement.bind(4, record.fingerprint);
                 });
}

Result<void> SqliteJournal::close_breaker(std::string_view pipeline) {
  return execute("DELETE FROM _sluice_breakers WHERE pipeline = ?1", 1,
                 [&](Statement& statement, std::size_t) { statement.bind(1, pipeline); });
}

Result<std::vector<LetterRecord>> SqliteJournal::letters(std::string_view pipeline) {
  std::vector<LetterRecord> records;
  auto asked = query(select_letters, pipeline, [&](Statement& row) { records.push_back(letter_of(row)); });
  if (!asked) return asked.error();
  return records;
}

Result<std::vector<LetterRecord>> SqliteJournal::letters_from(std::string_view pipeline,
                                                              const TopicPartition& partition,
                                                              Position from) {
  const std::lock_guard lock(mutex_);
  auto statement = database_.prepare(std::string(select_letters) +
                                     " AND topic = ?2 AND partition = ?3 AND position >= ?4");
  if (!statement) return statement.error();
  statement->bind(1, pipeline);
  statement->bind(2, partition.topic);
  statement->bind(3, std::int64_t{partition.partition});
  statement->bind(4, from.value);
  std::vector<LetterRecord> records;
  int code = statement->step();
  for (; code == SQLITE_ROW; code = statement->step()) records.push_back(letter_of(*statement));
  if (code != SQLITE_DONE) return database_.error(code);
  return records;
}

Result<void> SqliteJournal::save_letters(std::string_view pipeline, std::span<const LetterRecord> records) {
  constexpr std::string_view sql =
      "INSERT INTO _sluice_letters VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
      "ON CONFLICT DO UPDATE SET disposition = ?9, at = ?10, code = ?11, reason = ?12 "
      "WHERE ?9 <> 'intended'";
  std::string when;
  return execute(sql, records.size(), [&](Statement& statement, std::size_t i) {
    const LetterRecord& record = records[i];
    when = to_text(record.when);
    statement.bind(1, pipeline);
    statement.bind(2, record.partition.topic);
    statement.bind(3, std::int64_t{record.partition.partition});
    statement.bind(4, record.position.value);
    statement.bind(5, std::int64_t{record.generation});
    statement.bind(6, record.change.handler);
    statement.bind(7, record.change.collection);
    statement.bind(8, record.change.document);
    statement.bind(9, to_text(record.disposition));
    statement.bind(10, when);
    statement.bind(11, to_text(record.code));
    statement.bind(12, record.reason);
  });
}

Result<std::vector<std::string>> SqliteJournal::pipelines() {
  std::vector<std::string> names;
  auto asked = query(
      "SELECT pipeline FROM _sluice_positions UNION SELECT pipeline FROM _sluice_breakers "
      "UNION SELECT pipeline FROM _sluice_letters ORDER BY 1",
      {}, [&](Statement& row) { names.emplace_back(row.text(0)); });
  if (!asked) return asked.error();
  return names;
}

}  // namespace sluice::engine::sqlite
