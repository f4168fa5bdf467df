#include "sqlite/examine.hpp"

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "core/path_check.hpp"
#include "sqlite/journal.hpp"

namespace sluice::engine::sqlite {
namespace {

constexpr Codes codes{Code::store_unavailable, Code::store_fatal};

std::string quoted(const std::string& text) { return '\'' + text + '\''; }

bool exists(const std::string& path) {
  std::error_code ignored;  // what cannot be looked at is not there, for us
  return std::filesystem::exists(path, ignored);
}

bool has_table(Database& database, const std::string& name) {
  const auto found = database.ask(
      "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = " + quoted_text(name) + " COLLATE NOCASE");
  return found && !found->empty();
}

// Of the file's format, by the database itself; true if it can be read at all.
bool check_format(Database& database, const std::string& subject, Findings& findings) {
  const auto mode = database.ask("PRAGMA journal_mode");
  const auto tables = database.ask("SELECT count(*) FROM sqlite_schema");
  if (mode && tables) return true;
  findings.problem(subject, (mode ? tables : mode).error().message + ".",
                   "Name a file that SQLite has written, or one that is yet to be made.");
  return false;
}

// The lock of a writer, given back at once.
bool check_lock(const std::string& path, const std::string& subject, milliseconds patience,
                Findings& findings) {
  auto database = Database::open(path, Access::write, codes, patience);
  if (database) {
    if (!check_format(*database, subject, findings)) return false;
    Transaction transaction(*database);
    const auto begun = transaction.begin();
    if (begun) return true;
    if (begun.error().code == codes.unavailable) {
      findings.warn(subject, begun.error().message + ".",
                    "Another program holds the lock for writing: the pipeline waits for it.");
      return true;
    }
    database = begun.error();
  }
  findings.problem(subject, database.error().message + ".",
                   "Mend the file or its rights, or name another one.");
  return false;
}

// A journal, and what it reads from.
struct OpenJournal {
  explicit OpenJournal(Database from) : database(std::move(from)) {}
  Database database;
  std::mutex mutex;
  SqliteJournal journal{database, mutex};
};

std::shared_ptr<Journal> read_journal(const std::string& path, milliseconds patience) {
  auto database = Database::open(path, Access::read, codes, patience);
  if (!database) return nullptr;
  for (const char* table : {"_sluice_positions", "_sluice_breakers", "_sluice_letters"})
    if (!has_table(*database, table)) return nullptr;
  auto open = std::make_shared<OpenJournal>(std::move(*database));
  return {open, &open->journal};
}

void check_tables(Database& database, Examination<Store>& examination) {
  std::string missing;
  std::size_t there = 0;
  for (const CollectionSpec& collection : examination.collections) {
    if (has_table(database, collection.name))
      ++there;
    else
      missing += (missing.empty() ? "" : ", ") + collection.name;
  }
  if (!missing.empty())
    examination.findings.ok("tables", "Made at the first start: " + missing + ".");
  else if (there > 0)
    examination.findings.ok("tables", "All that the configuration names are there.");
}

}  // namespace

void examine_source(const std::string& path, const OutboxTable& table, std::size_t max_record,
                    Examination<Source>& examination) {
  Findings& findings = examination.findings;
  const std::string subject = "database";
  if (!check_file_to_read(path, subject, findings)) return;
  OutboxReader reader(path, table, max_record);
  const auto opened = reader.open();
  const auto end = opened ? reader.end() : Result<Position>(opened.error());
  if (!end) {
    findings.problem(subject, end.error().message + ".",
                     "The outbox must be such a table, in a database that can be read.");
    return;
  }
  findings.ok(subject, "The outbox " + quoted(table.name) + " in " + quoted(path) +
                           " can be read; its keys are AUTOINCREMENT.");
  auto database = Database::open(path, Access::read, codes, examination.patience);
  if (const auto mode =
          database ? database->ask("PRAGMA journal_mode") : Result<std::string>(database.error());
      mode && *mode != "wal")
    findings.warn(
        subject,
        "Its journal mode is '" + *mode + "': those who insert rows and the pipeline wait for each other.",
        "Run once on it: PRAGMA journal_mode = WAL");

  PartitionFacts facts{
      .partition = {table.name, 0}, .begin = {}, .end = *end, .committed = {}, .checksum = {}};
  if (const auto witness = examination.witness(facts.partition))
    if (const auto row = reader.read_one({}, *witness); row && !row->records.empty())
      facts.checksum = record_checksum(row->records.front());
  const Position from{std::max<std::int64_t>(0, end->value - Examination<Source>::samples)};
  if (const auto rows = reader.read({}, from))
    for (const Record& record : rows->records) examination.sample(record);
  examination.partitions.push_back(std::move(facts));
}

void examine_store(const Options& options, const ConnectorContext&, Examination<Store>& examination) {
  Findings& findings = examination.findings;
  const std::string& path = options.text("path");
  const std::string subject = "database";
  if (!check_file_to_write(path, subject, true, findings)) return;
  if (!exists(path)) {
    findings.ok(subject, quoted(path) + " is made at the first start.");
    return;
  }
  const milliseconds patience = std::min(
      examination.patience, std::chrono::duration_cast<milliseconds>(options.duration("busy_timeout")));
  if (!check_lock(path, subject, patience, findings)) return;
  auto database = Database::open(path, Access::read, codes, patience);
  const auto mode = database ? database->ask("PRAGMA journal_mode") : Result<std::string>(database.error());
  findings.ok(subject,
              quoted(path) + " can be written" +
                  (mode && *mode != "wal" ? "; it gets a write-ahead log at the first start." : "."));
  if (database) check_tables(*database, examination);
  examination.journal = read_journal(path, patience);
}

void examine_dead_letters(const Options& options, const ConnectorContext&,
                          Examination<DeadLetters>& examination) {
  Findings& findings = examination.findings;
  const std::string& path = options.text("path");
  const std::string subject = "database";
  if (!check_file_to_write(path, subject, true, findings)) return;
  if (!exists(path)) {
    findings.ok(subject, quoted(path) + " is made at the first start.");
    return;
  }
  const milliseconds patience = std::min(
      examination.patience, std::chrono::duration_cast<milliseconds>(options.duration("busy_timeout")));
  if (check_lock(path, subject, patience, findings)) findings.ok(subject, quoted(path) + " can be written.");
}

}  // namespace sluice::engine::sqlite
