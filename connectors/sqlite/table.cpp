#include "sqlite/table.hpp"

#include "documents/apply.hpp"
#include "documents/document_id.hpp"
#include "json/writer.hpp"

namespace sluice::engine::sqlite {
namespace {

// Columns of select_.
constexpr int column_rowid = 0;
constexpr int column_document = 1;
constexpr int column_marks = 2;

void bind_id(Statement& statement, int parameter, const bson::Value& id, std::string& scratch) {
  if (const auto whole = id.as_int64()) return statement.bind(parameter, *whole);
  if (const auto text = id.as_text()) return statement.bind(parameter, *text);
  scratch.clear();
  write_extended(id, scratch);
  statement.bind_blob(parameter, scratch);
}

void set(WriteResult& result, Outcome outcome) { result.outcome = outcome; }

void set(WriteResult& result, Outcome outcome, Code code, std::string reason) {
  result = {outcome, code, std::move(reason)};
}

bool constraint(int code) noexcept { return (code & 0xff) == SQLITE_CONSTRAINT; }

// "a.b" as SQLite's JSON path: $."a"."b".
std::string json_path(std::string_view path) {
  std::string out = "$";
  for (;;) {
    const std::size_t dot = path.find('.');
    out.append(".\"").append(path.substr(0, dot)).append("\"");
    if (dot == std::string_view::npos) return out;
    path.remove_prefix(dot + 1);
  }
}

// SQLite takes "Users" for the table "users". For the engine they are two collections: their changes of one
// id would come in no order, and of one event's the second would count as applied. So a table has one name.
Result<void> check_name(Database& database, const std::string& name) {
  const auto made_as =
      database.ask("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = " + quoted_text(name) +
                   " COLLATE NOCASE");
  if (!made_as) return made_as.error();
  if (made_as->empty() || *made_as == name) return {};
  return Error{Code::store_refused, "the collection '" + name + "' would be the table '" + *made_as +
                                        "', as SQLite ignores case: call it so, or otherwise"};
}

// Runs a statement that gives no rows.
int finish(Statement& statement) noexcept {
  const int code = statement.step();
  statement.reset();
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

}  // namespace

Result<Table> Table::open(Database& database, const CollectionSpec& spec) {
  Table table;
  table.name_ = spec.name;
  table.tombstones_ = spec.tombstones;
  const std::string name = quoted_name(spec.name);
  if (auto made = database.run("CREATE TABLE IF NOT EXISTS " + name +
                               " (_id PRIMARY KEY NOT NULL, document TEXT, _sluice TEXT NOT NULL)");
      !made)
    return made.error();
  if (auto named = check_name(database, spec.name); !named) return named.error();
  for (const IndexSpec& index : spec.indexes)
    if (auto made = table.make_index(database, index); !made) return made.error();

  struct Wanted {
    Statement& statement;
    std::string sql;
  };
  for (const Wanted& wanted : std::initializer_list<Wanted>{
           {table.insert_, "INSERT INTO " + name + " (_id, document, _sluice) VALUES (?1, ?2, ?3)"},
           {table.select_, "SELECT rowid, document, _sluice FROM " + name + " WHERE _id = ?1"},
           {table.update_, "UPDATE " + name + " SET document = ?2, _sluice = ?3 WHERE rowid = ?1"},
           {table.update_marks_, "UPDATE " + name + " SET _sluice = ?2 WHERE rowid = ?1"},
           {table.remove_, "DELETE FROM " + name + " WHERE rowid = ?1"}}) {
    auto prepared = database.prepare(wanted.sql);
    if (!prepared) {
      prepared.error().message +=
          "; is the table " + name + " another program's? Map the collection elsewhere";
      return prepared.error();
    }
    wanted.statement = std::move(prepared).value();
  }
  return table;
}

// The index's name says what it is, so that another definition is another index.
Result<void> Table::make_index(Database& database, const IndexSpec& index) {
  std::string keys;
  std::string columns;
  for (const IndexSpec::Key& key : index.keys) {
    if (key.path.find('"') != std::string::npos)
      return Error{Code::store_fatal,
                   "SQLite cannot index the path " + key.path + ": it holds a quotation mark"};
    keys.append(keys.empty() ? "" : ", ").append(key.path).append(key.descending ? " descending" : "");
    columns += columns.empty() ? "" : ", ";
    columns += key.path == "_id" ? "_id" : "json_extract(document, " + quoted_text(json_path(key.path)) + ")";
    columns += key.descending ? " DESC" : "";
  }
  const std::string name = name_ + "(" + keys + ")" + (index.unique ? " unique" : "");
  auto made = database.run(std::string("CREATE ") + (index.unique ? "UNIQUE " : "") + "INDEX IF NOT EXISTS " +
                           quoted_name(name) + " ON " + quoted_name(name_) + " (" + columns + ")");
  if (!made) made.error().message = "cannot make the index " + name + ": " + made.error().message;
  return made;
}

int Table::write(const Write& write, std::string_view content, Scratch& scratch, WriteResult& result) {
  if (write.change.kind == ChangeKind::insert) {
    const int code = insert(write, content, scratch, result);
    if (!constraint(code)) return code;
  }
  return on_row(write, content, scratch, result);
}

// Most inserts meet no row: they are tried before anything is looked up.
int Table::insert(const Write& write, std::string_view content, Scratch& scratch, WriteResult& result) {
  bind_id(insert_, 1, write.change.document.id, scratch.id);
  insert_.bind(2, content);
  Marks::first_text(write, scratch.marks_text);
  insert_.bind(3, scratch.marks_text);
  const int code = finish(insert_);
  if (code == SQLITE_OK) set(result, Outcome::applied);
  return code;
}

int Table::on_row(const Write& write, std::string_view content, Scratch& scratch, WriteResult& result) {
  const ResetAtEnd reset(select_);
  bind_id(select_, 1, write.change.document.id, scratch.id);
  const int code = select_.step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) return code;

  Row row;
  row.exists = code == SQLITE_ROW;
  if (row.exists) {
    row.rowid = select_.integer(column_rowid);
    row.document = !select_.is_null(column_document);
  }
  const std::string_view marks = row.exists ? select_.text(column_marks) : std::string_view();
  if (!scratch.marks.read(marks)) {
    set(result, Outcome::rejected, Code::store_refused,
        "the column _sluice of the document holds no watermarks of sluice: " + std::string(marks));
    return SQLITE_OK;
  }
  switch (scratch.marks.check(write)) {
    case Verdict::already_applied:
      set(result, Outcome::already_applied);
      return SQLITE_OK;
    case Verdict::overtaken:
      set(result, Outcome::rejected, Code::store_refused, "newer events have changed the document");
      return SQLITE_OK;
    case Verdict::go:
      break;
  }
  return change(write, content, row, scratch, result);
}

int Table::change(const Write& write, std::string_view content, const Row& row, Scratch& scratch,
                  WriteResult& result) {
  switch (write.change.kind) {
    case ChangeKind::replace:
      return store(write, content, row, scratch, result);
    case ChangeKind::insert:
      if (!row.document) return store(write, content, row, scratch, result);
      set(result, Outcome::rejected, Code::store_conflict, "a document with this id exists, made by another");
      return SQLITE_OK;
    case ChangeKind::remove:
      return store(write, std::nullopt, row, scratch, result);
    case ChangeKind::patch:
      break;
  }

  std::optional<bson::View> before;
  if (row.document) {
    auto read = scratch.reader.read_extended(select_.text(column_document));
    if (!read) {
      set(result, Outcome::rejected, Code::store_refused,
          "the document in the table is not Extended JSON: " + read.error().message);
      return SQLITE_OK;
    }
    before = *read;
  }
  Applied applied = apply(write.change, before, scratch.writer);
  if (applied.outcome == Outcome::skipped) {
    set(result, Outcome::skipped);
    return move_marks(write, row, scratch);
  }
  if (applied.outcome != Outcome::applied) {
    set(result, applied.outcome, applied.code, std::move(applied.reason));
    return SQLITE_OK;
  }
  scratch.json.clear();
  write_extended(scratch.writer.finish(), scratch.json);
  return store(write, scratch.json, row, scratch, result);
}

// Puts the document (or, without one, its absence) in its row's place.
int Table::store(const Write& write, const std::optional<std::string_view>& json, const Row& row,
                 Scratch& scratch, WriteResult& result) {
  set(result, Outcome::applied);
  if (!json && !tombstones_) {
    if (!row.exists) return SQLITE_OK;
    remove_.bind(1, row.rowid);
    return finish(remove_);
  }
  scratch.marks.note(write);
  scratch.marks.to_text(scratch.marks_text);
  Statement& statement = row.exists ? update_ : insert_;
  if (row.exists)
    statement.bind(1, row.rowid);
  else
    bind_id(statement, 1, write.change.document.id, scratch.id);
  json ? statement.bind(2, *json) : statement.bind_null(2);
  statement.bind(3, scratch.marks_text);
  const int code = finish(statement);
  if (!constraint(code)) return code;
  // The row of this id was looked up, in this transaction: only another unique index can be in the way.
  set(result, Outcome::waiting, Code::store_conflict,
      "another document holds the same value of a unique index");
  return SQLITE_OK;
}

int Table::move_marks(const Write& write, const Row& row, Scratch& scratch) {
  scratch.marks.note(write);
  scratch.marks.to_text(scratch.marks_text);
  update_marks_.bind(1, row.rowid);
  update_marks_.bind(2, scratch.marks_text);
  return finish(update_marks_);
}

}  // namespace sluice::engine::sqlite
