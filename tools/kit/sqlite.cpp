#include "kit/sqlite.hpp"

namespace sluice::kit {
namespace {

SqliteError error_of(sqlite3* handle, std::string_view doing) {
  const char* file = sqlite3_db_filename(handle, "main");
  return SqliteError(std::string(file == nullptr ? "sqlite" : file) + ": " + sqlite3_errmsg(handle) + " (" +
                     std::string(doing) + ")");
}

}  // namespace

Database::Database(const std::filesystem::path& path, OpenMode mode) {
  constexpr int patience_ms = 30'000;  // for locks that other programs hold
  const int flags =
      mode == OpenMode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(opened);
  if (result != SQLITE_OK) throw SqliteError(path.string() + ": cannot be opened: " + sqlite3_errstr(result));
  sqlite3_busy_timeout(handle(), patience_ms);
}

void Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw error_of(handle(), sql);
}

bool Database::has_table(std::string_view name) {
  Statement query(*this, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1");
  query.bind(1, name);
  return query.step();
}

Statement::Statement(const Database& database, std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int result = sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  statement_.reset(prepared);
  if (result != SQLITE_OK) throw error_of(database.handle(), sql);
}

void Statement::bind(int parameter, std::string_view text) {
  if (sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_STATIC,
                          SQLITE_UTF8) != SQLITE_OK)
    throw error_of(sqlite3_db_handle(statement_.get()), "binding a text");
}

void Statement::bind(int parameter, std::int64_t number) {
  if (sqlite3_bind_int64(statement_.get(), parameter, number) != SQLITE_OK)
    throw error_of(sqlite3_db_handle(statement_.get()), "binding a number");
}

bool Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE)
    throw error_of(sqlite3_db_handle(statement_.get()), sqlite3_sql(statement_.get()));
  sqlite3_reset(statement_.get());
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::string_view Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

}  // namespace sluice::kit
