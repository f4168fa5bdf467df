// Dead letters in a table of an SQLite file of their own, one row each, for the sqlite3 shell to look at:
//
//   SELECT failed_at, code, event_type, reason FROM dead_letters;
//
// key and value are text where they are UTF-8, else blobs; headers is a list of names and values in JSON.
// A letter that is written again replaces its row.
#pragma once

#include "core/connector.hpp"
#include "sqlite/database.hpp"

namespace sluice::engine::sqlite {

// One thread at a time.
class SqliteDeadLetters final : public DeadLetters {
 public:
  SqliteDeadLetters(std::string path, milliseconds patience);

  Result<void> open() override;
  Result<void> write(std::span<const DeadLetter> letters) override;
  Result<void> read(const std::function<bool(const DeadLetter&)>& each) override;

 private:
  std::string path_;
  milliseconds patience_;
  Database database_;
};

[[nodiscard]] RoleSpec<DeadLetters> dead_letters_role();

}  // namespace sluice::engine::sqlite
