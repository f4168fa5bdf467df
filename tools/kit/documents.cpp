#include "kit/documents.hpp"

namespace sluice::kit {
namespace {

class SqliteDocuments final : public Documents {
 public:
  explicit SqliteDocuments(const std::filesystem::path& path) : database_(path, OpenMode::read_only) {}

  void for_each(std::string_view collection,
                const std::function<void(const StoredDocument&)>& visit) override {
    if (!database_.has_table(collection)) return;
    Statement select(database_, "SELECT _id, document FROM \"" + std::string(collection) +
                                    "\" WHERE document IS NOT NULL");
    StoredDocument stored;
    while (select.step()) {
      stored.id = select.text(0);
      stored.document = Json::parse(select.text(1), nullptr, false);
      if (stored.document.is_object()) stored.document.erase("_id");
      visit(stored);
    }
  }

 private:
  Database database_;
};

}  // namespace

std::unique_ptr<Documents> open_documents(const std::string& where) {
  if (where.starts_with("mongodb") || where == "environment") return open_mongo_documents(where);
  return std::make_unique<SqliteDocuments>(where);
}

DocumentsWriter::DocumentsWriter(const std::filesystem::path& path)
    : database_(path, OpenMode::read_write_create) {
  database_.execute("PRAGMA journal_mode = WAL");
  database_.execute("BEGIN");
}

void DocumentsWriter::put(std::string_view collection, std::string_view id, const Json& document) {
  Json whole = document;
  whole["_id"] = id;
  const std::string text = whole.dump();
  Statement& insert = insert_into(collection);
  insert.bind(1, id);
  insert.bind(2, text);
  insert.run();
}

void DocumentsWriter::commit() {
  database_.execute("COMMIT");
  database_.execute("BEGIN");
}

Statement& DocumentsWriter::insert_into(std::string_view collection) {
  if (const auto known = inserts_.find(collection); known != inserts_.end()) return known->second;
  const std::string table = "\"" + std::string(collection) + "\"";
  database_.execute("CREATE TABLE IF NOT EXISTS " + table +
                    " (_id TEXT PRIMARY KEY, document TEXT) WITHOUT ROWID");
  return inserts_
      .emplace(collection, Statement(database_, "INSERT OR REPLACE INTO " + table + " VALUES (?1, ?2)"))
      .first->second;
}

}  // namespace sluice::kit
