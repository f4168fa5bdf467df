// Reads the rows of an outbox table in the order of their key.
//
// The key must be INTEGER PRIMARY KEY AUTOINCREMENT: then a key is never given twice, not even after the
// newest rows were pruned, and a position keeps its meaning. SQLite has one writer at a time, which draws its
// keys within its transaction: so rows become visible in the order of their keys, and no row turns up below
// one that was read, as could happen with the sequences of other databases. (A program that sets keys by hand
// breaks this; nothing can be done about it here.)
//
// The database is opened for reading only; where that is impossible, as after a crash of its writer, for
// reading and writing, since somebody must finish what the crash left. No lock outlives a call. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/source.hpp"
#include "sqlite/database.hpp"

namespace sluice::engine::sqlite {

// Where the parts of an event are.
struct OutboxTable {
  std::string name = "event_outbox";
  std::string key = "id";
  std::string event_id = "event_id";
  std::string aggregate_type = "aggregate_type";
  std::string aggregate_id = "aggregate_id";
  std::string event_type = "event_type";
  std::string payload = "payload";
  std::string created_at = "created_at";
};

class OutboxReader {
 public:
  static constexpr std::size_t chunk_rows = 1000;
  static constexpr std::size_t chunk_bytes = std::size_t{1} << 20U;

  // A payload longer than max_record is cut, and its record at fault.
  OutboxReader(std::string path, OutboxTable table, std::size_t max_record);

  // Opens the database and checks the table. source.unavailable while the file or the table is not there or
  // locked; source.fatal when the table is no outbox as above, with the statement that makes one.
  [[nodiscard]] Result<void> open();
  [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(rows_); }

  // The rows from this key on, as many as make a chunk; none: an empty chunk. The payload is the value, the
  // aggregate's id the key, and the headers are id, eventType, aggregateType, aggregateId and createdAt: what
  // the decoder outbox_row reads. After an error it may be closed.
  [[nodiscard]] Result<Chunk> read(PartitionId partition, Position from);

  // The row of a key, if it is there.
  [[nodiscard]] Result<Chunk> read_one(PartitionId partition, Position at);

  // The key after the newest that was ever given.
  [[nodiscard]] Result<Position> end();

  // Whether the path still names the database that is open, and its keys reach up to `next`:
  // source.unavailable when it is gone, source.recreated when it is another one.
  [[nodiscard]] Result<void> still_the_same(Position next);

 private:
  enum Column : int { key, event_id, aggregate_type, aggregate_id, event_type, payload, created_at };

  [[nodiscard]] Result<void> open_with(Access access);
  [[nodiscard]] Result<void> check_table();
  [[nodiscard]] Result<void> check_columns();
  [[nodiscard]] Result<void> check_keys();
  [[nodiscard]] Result<Chunk> read_rows(PartitionId partition, Statement& statement);
  void append(Chunk& chunk, PartitionId partition, Statement& row) const;
  [[nodiscard]] Error failed(int result);
  void close();
  [[nodiscard]] Error unfit(const std::string& what) const;
  [[nodiscard]] std::string where() const;
  [[nodiscard]] std::string definition() const;

  std::string path_;
  OutboxTable table_;
  std::size_t max_record_;
  SystemClock clock_;
  Database database_;
  Statement rows_;
  Statement row_;
  Statement end_;
  bool must_write_ = false;
  std::size_t usual_rows_ = 0;
};

}  // namespace sluice::engine::sqlite
