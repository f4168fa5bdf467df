#include "sqlite/database.hpp"

#include <filesystem>

#include "core/options.hpp"

namespace sluice::engine::sqlite {
namespace {

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out += quote;
}

bool passes(int result) noexcept {
  switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<Database> Database::open(const std::string& path, Access access, Codes codes, milliseconds patience) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (access) {
    case Access::create:
      flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
      break;
    case Access::write:
      flags |= SQLITE_OPEN_READWRITE;
      break;
    case Access::read:
      flags |= SQLITE_OPEN_READONLY;
      break;
  }
  Database database;
  database.path_ = path;
  database.codes_ = codes;
  database.patience_ = patience;
  sqlite3* connection = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &connection, flags, nullptr);
  database.connection_.reset(connection);
  if (result != SQLITE_OK) return database.error(result);
  if (const int set = sqlite3_busy_timeout(connection, static_cast<int>(patience.count())); set != SQLITE_OK)
    return database.error(set);
  return database;
}

Result<void> Database::run(const std::string& sql) {
  if (!connection_) return Error{codes_.unavailable, "the database is not open"};
  const int result = sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return error(result);
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  if (!connection_) return Error{codes_.unavailable, "the database is not open"};
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (result != SQLITE_OK) return error(result);
  return Statement(statement);
}

Result<std::string> Database::ask(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  const int result = statement->step();
  if (result == SQLITE_DONE) return std::string();
  if (result != SQLITE_ROW) return error(result);
  return std::string(statement->text(0));
}

Error Database::error(int result) const {
  return {passes(result) ? codes_.unavailable : codes_.fatal, explain(result)};
}

std::string Database::explain(int result) const {
  const std::string file = "the database '" + path_ + "'";
  const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
  std::error_code ignored;
  switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return file + " is locked by another program for more than " + duration_to_text(patience_);
    case SQLITE_FULL:
      return file + " cannot grow: the disk is full (or its size is limited)";
    case SQLITE_CANTOPEN:
      if (!folder.empty() && !std::filesystem::exists(folder, ignored))
        return "cannot open " + file + ": the folder '" + folder.string() + "' does not exist";
      if (!std::filesystem::exists(path_, ignored)) return "cannot open " + file + ": there is no such file";
      return "cannot open " + file + ": is it a file that this user may read and write?";
    case SQLITE_CORRUPT:
      return file + " is damaged (" + sqlite3_errmsg(get()) + "): restore it from a copy";
    case SQLITE_NOTADB:
      return "the file '" + path_ + "' is not an SQLite database";
    case SQLITE_READONLY:
      return file + " is read-only: this user may not write the file or its folder";
    case SQLITE_IOERR:
      if (result == SQLITE_IOERR_WRITE)
        return "writing " + file + " failed: is the disk full, or the size of a file limited?";
      return "reading or writing " + file + " failed (" + sqlite3_errstr(result) + ", code " +
             std::to_string(result) + ")";
    default:
      return file + ": " + (get() != nullptr ? sqlite3_errmsg(get()) : sqlite3_errstr(result)) + " (code " +
             std::to_string(result) + ")";
  }
}

bool Database::moved() const noexcept {
  int moved = 0;
  const int result = sqlite3_file_control(get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return result == SQLITE_OK && moved != 0;
}

Transaction::~Transaction() {
  // Some errors have rolled back already; then there is nothing to do, and nothing to say.
  if (open_ && sqlite3_get_autocommit(database_.get()) == 0)
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<void> Transaction::begin() {
  auto begun = database_.run("BEGIN IMMEDIATE");
  open_ = begun.ok();
  return begun;
}

Result<void> Transaction::commit() {
  auto committed = database_.run("COMMIT");
  if (committed) open_ = false;
  return committed;
}

std::string quoted_name(std::string_view name) { return quoted(name, '"'); }

std::string quoted_text(std::string_view text) { return quoted(text, '\''); }

}  // namespace sluice::engine::sqlite
