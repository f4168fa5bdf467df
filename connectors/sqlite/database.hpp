// SQLite's handles: a connection and its statements, closed when they go, their errors told to people.
// https://www.sqlite.org/c3ref/intro.html
//
// A Database and its Statements belong to one thread at a time. A Statement must go before its Database.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace sluice::engine::sqlite {

enum class Access : std::uint8_t { create, write, read };  // create: write, and make the file if absent

// Which codes the errors of a connection have: those that pass (locked, full, missing, unreadable now), and
// those that never will (corrupt, no database, read-only, SQL that does not fit the tables).
struct Codes {
  Code unavailable;
  Code fatal;
};

class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* owned) noexcept : statement_(owned) {}
  [[nodiscard]] explicit operator bool() const noexcept { return statement_ != nullptr; }

  // Parameters count from 1. Text and bytes are borrowed until the next reset() or bind of this parameter.
  void bind(int parameter, std::string_view text) noexcept {
    check(sqlite3_bind_text64(get(), parameter, text.data() == nullptr ? "" : text.data(), text.size(),
                              SQLITE_STATIC, SQLITE_UTF8));
  }
  void bind(int parameter, std::int64_t value) noexcept {
    check(sqlite3_bind_int64(get(), parameter, value));
  }
  void bind_blob(int parameter, std::string_view bytes) noexcept {
    check(sqlite3_bind_blob64(get(), parameter, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
                              SQLITE_STATIC));
  }
  void bind_null(int parameter) noexcept { check(sqlite3_bind_null(get(), parameter)); }

  // SQLITE_ROW, SQLITE_DONE, or an extended error code, which Database::error() puts into words.
  [[nodiscard]] int step() noexcept {
    if (misuse_ != SQLITE_OK) return misuse_;
    return sqlite3_step(get());
  }
  // Ends the statement's work and lets it start again; its bindings stay.
  void reset() noexcept {
    sqlite3_reset(get());
    misuse_ = SQLITE_OK;
  }

  // Columns of the row that step() reached, from 0; valid until the next step() or reset().
  [[nodiscard]] std::int64_t integer(int column) noexcept { return sqlite3_column_int64(get(), column); }
  [[nodiscard]] bool is_null(int column) noexcept { return type(column) == SQLITE_NULL; }
  [[nodiscard]] int type(int column) noexcept { return sqlite3_column_type(get(), column); }
  [[nodiscard]] std::string_view text(int column) noexcept {  // also of bytes, as they stand
    const auto* first = static_cast<const char*>(sqlite3_column_blob(get(), column));
    return {first == nullptr ? "" : first, static_cast<std::size_t>(sqlite3_column_bytes(get(), column))};
  }
  [[nodiscard]] sqlite3_stmt* get() noexcept { return statement_.get(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  void check(int result) noexcept {
    if (result != SQLITE_OK) misuse_ = result;
  }

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int misuse_ = SQLITE_OK;  // of a bind; step() reports it
};

// Resets a statement at the end of a scope, so that no read lock outlives its use.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(Statement& statement) noexcept : statement_(statement) {}
  ~ResetAtEnd() { statement_.reset(); }
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;

 private:
  Statement& statement_;
};

class Database {
 public:
  Database() = default;  // closed: all that is asked of it is unavailable
  // A lock of another connection is waited for up to `patience`. The file is made only with Access::create, a
  // folder never.
  [[nodiscard]] static Result<Database> open(const std::string& path, Access access, Codes codes,
                                             milliseconds patience);
  [[nodiscard]] explicit operator bool() const noexcept { return connection_ != nullptr; }

  // One or several statements of SQL whose rows do not matter.
  [[nodiscard]] Result<void> run(const std::string& sql);
  // One statement, which may be kept.
  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  // The first column of the first row, as text; empty when there is no row.
  [[nodiscard]] Result<std::string> ask(std::string_view sql);

  // Puts a result code of this connection's last call into words.
  [[nodiscard]] Error error(int result) const;
  // Whether the file is no longer at its path: moved or deleted while open, so that what is written is lost.
  [[nodiscard]] bool moved() const noexcept;

  [[nodiscard]] sqlite3* get() const noexcept { return connection_.get(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
  };
  [[nodiscard]] std::string explain(int result) const;

  std::unique_ptr<sqlite3, Close> connection_;
  std::string path_;
  Codes codes_{Code::store_unavailable, Code::store_fatal};
  milliseconds patience_{0};
};

// BEGIN IMMEDIATE now, ROLLBACK at the end of the scope unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database) noexcept : database_(database) {}
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  [[nodiscard]] Result<void> begin();
  [[nodiscard]] Result<void> commit();

 private:
  Database& database_;
  bool open_ = false;
};

// A name or a text as SQL writes it.
[[nodiscard]] std::string quoted_name(std::string_view name);
[[nodiscard]] std::string quoted_text(std::string_view text);

}  // namespace sluice::engine::sqlite
