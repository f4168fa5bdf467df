// SQLite's handles with owners. Errors are exceptions with the file and SQLite's message: the kit's programs
// end with them. Each object belongs to one thread.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sluice::kit {

class SqliteError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class OpenMode { read_only, read_write_create };

class Database {
 public:
  Database(const std::filesystem::path& path, OpenMode mode);

  // Statements without results.
  void execute(const std::string& sql);
  [[nodiscard]] bool has_table(std::string_view name);
  [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

// A prepared statement; it keeps its database's handle alive. Parameters count from 1, columns from 0.
class Statement {
 public:
  Statement(const Database& database, std::string_view sql);

  // The text is borrowed until the statement is stepped.
  void bind(int parameter, std::string_view text);
  void bind(int parameter, std::int64_t number);

  // The next row; false at the end, when the statement is ready to run again.
  [[nodiscard]] bool step();
  void run();    // for statements without rows
  void reset();  // before its end: ready to run again, and no longer holding a picture of the database

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::string_view text(int column) const;  // valid until the next step
  [[nodiscard]] std::int64_t number(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace sluice::kit
