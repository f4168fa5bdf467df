#include "sqlite/outbox_reader.hpp"

#include <deque>
#include <filesystem>
#include <utility>

#include "base/arena.hpp"
#include "core/sequence.hpp"

namespace sluice::engine::sqlite {

namespace {

constexpr Codes source_codes{.unavailable = Code::source_unavailable, .fatal = Code::source_fatal};
constexpr milliseconds lock_patience{250};  // with another program's, before it is an error to be retried

struct RowsMemory final : ChunkMemory {
  Arena arena;               // texts and headers
  std::deque<Error> faults;  // stay where they are
};

// Also of numbers and bytes, and in UTF-8 whatever the database's encoding.
std::optional<std::string_view> text_of(Statement& row, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row.get(), column));
  if (text == nullptr) return std::nullopt;
  return std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(row.get(), column)));
}

}  // namespace

OutboxReader::OutboxReader(std::string path, OutboxTable table, std::size_t max_record)
    : path_(std::move(path)), table_(std::move(table)), max_record_(max_record) {}

Result<void> OutboxReader::open() {
  if (is_open()) return {};
  Result<void> opened = open_with(must_write_ ? Access::write : Access::read);
  if (!opened) close();
  return opened;
}

Result<void> OutboxReader::open_with(Access access) {
  Result<Database> database = Database::open(path_, access, source_codes, lock_patience);
  if (!database) return database.error();
  database_ = std::move(*database);
  if (Result<void> checked = check_table(); !checked) return checked;

  const std::string from = " FROM " + quoted_name(table_.name) + " WHERE " + quoted_name(table_.key);
  std::string columns = "SELECT " + quoted_name(table_.key);
  for (const std::string& column : {table_.event_id, table_.aggregate_type, table_.aggregate_id,
                                    table_.event_type, table_.payload, table_.created_at})
    columns += ", " + quoted_name(column);
  Result<Statement> row = database_.prepare(columns + from + " = ?1");
  if (!row) return row.error();
  // The table's own highest key counts too, should somebody have emptied sqlite_sequence.
  Result<Statement> end = database_.prepare(
      "SELECT max(ifnull((SELECT seq FROM sqlite_sequence WHERE name = " + quoted_text(table_.name) +
      " COLLATE NOCASE), 0), ifnull((SELECT max(" + quoted_name(table_.key) + ") FROM " +
      quoted_name(table_.name) + "), 0))");
  if (!end) return end.error();
  Result<Statement> rows =
      database_.prepare(columns + from + " >= ?1 ORDER BY 1 LIMIT " + std::to_string(chunk_rows));
  if (!rows) return rows.error();
  row_ = std::move(*row);
  end_ = std::move(*end);
  rows_ = std::move(*rows);
  return {};
}

Result<void> OutboxReader::check_table() {
  Result<Statement> kind =
      database_.prepare("SELECT type = 'table' FROM sqlite_schema WHERE name = " + quoted_text(table_.name) +
                        " COLLATE NOCASE AND type IN ('table', 'view')");
  if (!kind) return failed(sqlite3_extended_errcode(database_.get()));
  const int found = kind->step();
  if (found == SQLITE_DONE)
    return Error{Code::source_unavailable, "there is no " + where() + " yet; it is made by\n" + definition()};
  if (found != SQLITE_ROW) return failed(found);
  if (kind->integer(0) == 0) return unfit("is a view");
  kind->reset();
  if (Result<void> columns = check_columns(); !columns) return columns;
  return check_keys();
}

Result<void> OutboxReader::check_columns() {
  const auto find = [&](const std::string& column, int* automatic) {
    return sqlite3_table_column_metadata(database_.get(), "main", table_.name.c_str(), column.c_str(),
                                         nullptr, nullptr, nullptr, nullptr, automatic) == SQLITE_OK;
  };
  std::string missing;
  for (const std::string& column : {table_.key, table_.event_id, table_.aggregate_type, table_.aggregate_id,
                                    table_.event_type, table_.payload, table_.created_at})
    if (!find(column, nullptr)) missing += (missing.empty() ? "" : ", ") + column;
  if (!missing.empty())
    return unfit("has no " + missing + " (other names of columns are given with columns:)");

  int automatic = 0;
  if (!find(table_.key, &automatic) || automatic == 0)
    return unfit(
        "has a key that is not INTEGER PRIMARY KEY AUTOINCREMENT, so that the keys of deleted rows could "
        "be given again, and their events be taken for ones that were read");
  return {};
}

Result<void> OutboxReader::check_keys() {
  Result<Statement> least =
      database_.prepare("SELECT min(" + quoted_name(table_.key) + ") FROM " + quoted_name(table_.name));
  if (!least) return least.error();
  const int found = least->step();
  if (found != SQLITE_ROW) return failed(found);
  if (least->integer(0) < 0) return unfit("has rows with negative keys, which are never read");
  return {};
}

Result<Chunk> OutboxReader::read(PartitionId partition, Position from) {
  rows_.bind(1, from.value);
  return read_rows(partition, rows_);
}

Result<Chunk> OutboxReader::read_one(PartitionId partition, Position at) {
  row_.bind(1, at.value);
  return read_rows(partition, row_);
}

Result<Chunk> OutboxReader::read_rows(PartitionId partition, Statement& statement) {
  Chunk chunk;
  int result = SQLITE_DONE;
  {
    const ResetAtEnd no_lock_outlives(statement);
    while (chunk.bytes < chunk_bytes && (result = statement.step()) == SQLITE_ROW) {
      if (chunk.records.empty()) {
        chunk.records.reserve(usual_rows_);
        chunk.memory = std::make_unique<RowsMemory>();
      }
      append(chunk, partition, statement);
    }
  }
  if (result != SQLITE_ROW && result != SQLITE_DONE) return failed(result);
  if (!chunk.records.empty()) {
    usual_rows_ = chunk.records.size();
    if (chunk.records.back().position.value > Sequence::max_position)
      return unfit("has the key " + std::to_string(chunk.records.back().position.value) +
                   ", beyond the greatest that can be a position, " + std::to_string(Sequence::max_position));
  }
  chunk.polled = clock_.wall();
  return chunk;
}

void OutboxReader::append(Chunk& chunk, PartitionId partition, Statement& row) const {
  auto& memory = static_cast<RowsMemory&>(*chunk.memory);
  const auto keep = [&](int column) -> std::optional<std::string_view> {
    const std::optional<std::string_view> text = text_of(row, column);
    if (!text) return std::nullopt;
    chunk.bytes += text->size();
    return memory.arena.copy(*text);
  };
  Record& record = chunk.records.emplace_back();
  record.partition = partition;
  record.position = {row.integer(Column::key)};
  record.topic = table_.name;
  record.key = keep(Column::aggregate_id);

  const bool created_in_numbers = row.type(Column::created_at) == SQLITE_INTEGER;  // before it becomes a text
  const std::span<Header> headers = memory.arena.array<Header>(5);
  headers[0] = {"id", keep(Column::event_id)};
  headers[1] = {"eventType", keep(Column::event_type)};
  headers[2] = {"aggregateType", keep(Column::aggregate_type)};
  headers[3] = {"aggregateId", record.key};
  headers[4] = {"createdAt", keep(Column::created_at)};
  record.headers = headers;
  const std::optional<Timestamp> created = created_in_numbers
                                               ? timestamp_by_size(row.integer(Column::created_at))
                                               : parse_timestamp(headers[4].value.value_or(""));
  if (created) {
    record.timestamp = *created;
    record.timestamp_kind = TimestampKind::create;
  }

  const std::optional<std::string_view> text = text_of(row, Column::payload);
  if (!text) return;
  record.value = memory.arena.copy(text->substr(0, max_record_));
  chunk.bytes += record.value->size();
  if (text->size() <= max_record_) return;
  record.fault = &memory.faults.emplace_back(Error{
      Code::decode_too_large, "the payload has " + std::to_string(text->size()) + " bytes, max_record is " +
                                  std::to_string(max_record_) + ": the value kept here is its beginning"});
}

Result<Position> OutboxReader::end() {
  const ResetAtEnd no_lock_outlives(end_);
  const int result = end_.step();
  if (result != SQLITE_ROW) return database_.error(result);
  return Position{end_.integer(0) + 1};
}

Result<void> OutboxReader::still_the_same(Position next) {
  if (database_.moved()) {
    std::error_code ignored;
    if (!std::filesystem::exists(path_, ignored))
      return Error{Code::source_unavailable, "the database '" + path_ + "' is gone: it was moved or deleted"};
    return Error{Code::source_recreated,
                 "the database '" + path_ + "' was replaced by another file while it was read"};
  }
  const Result<Position> newest = end();
  if (!newest) return newest.error();
  if (*newest < next)
    return Error{Code::source_recreated,
                 "the newest key of the " + where() + " is " + std::to_string(newest->value - 1) +
                     ", but rows up to " + std::to_string(next.value - 1) +
                     " were read before: the table was made anew or its keys were reset"};
  return {};
}

// Puts a result into words, and closes the database if opening it again may help.
Error OutboxReader::failed(int result) {
  Error error = database_.error(result);
  switch (result & 0xff) {
    case SQLITE_READONLY:
      if (!must_write_) {
        must_write_ = true;
        error = {Code::source_unavailable,
                 "the database '" + path_ +
                     "' cannot be opened for reading alone, perhaps because its writer "
                     "crashed; trying with write access"};
      }
      break;
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
      error.code = Code::source_unavailable;  // the table was changed: what is wrong shows when it is opened
      break;
    default:
      return error;
  }
  close();
  return error;
}

void OutboxReader::close() {
  rows_ = {};
  row_ = {};
  end_ = {};
  database_ = {};
}

Error OutboxReader::unfit(const std::string& what) const {
  return {Code::source_fatal, "the " + where() + " " + what + "; an outbox is made by\n" + definition()};
}

std::string OutboxReader::where() const {
  return "table " + table_.name + " in the database '" + path_ + "'";
}

std::string OutboxReader::definition() const {
  return "CREATE TABLE " + quoted_name(table_.name) + " (\n  " + quoted_name(table_.key) +
         " INTEGER PRIMARY KEY AUTOINCREMENT,\n  " + quoted_name(table_.event_id) +
         " TEXT NOT NULL UNIQUE,\n  " + quoted_name(table_.aggregate_type) + " TEXT NOT NULL,\n  " +
         quoted_name(table_.aggregate_id) + " TEXT NOT NULL,\n  " + quoted_name(table_.event_type) +
         " TEXT NOT NULL,\n  " + quoted_name(table_.payload) + " TEXT NOT NULL,\n  " +
         quoted_name(table_.created_at) + " TEXT NOT NULL)";
}

}  // namespace sluice::engine::sqlite
