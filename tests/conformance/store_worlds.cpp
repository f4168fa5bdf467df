#include <stdexcept>

#include "json/reader.hpp"
#include "json/writer.hpp"
#include "memory/store.hpp"
#include "sqlite/store.hpp"
#include "store_world.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine {
namespace {

class MemoryWorld final : public StoreWorld {
 public:
  Store& store() override { return store_; }
  void restart() override {}  // its documents are the store itself
  std::optional<Document> find(std::string_view collection, const bson::Value& id) override {
    const auto found = store_.find(collection, id);
    if (!found || !found->content) return std::nullopt;
    return Document(bson::View(found->content->data()));
  }
  std::size_t count(std::string_view collection) override { return store_.documents(collection).size(); }

 private:
  memory::MemoryStore store_;
};

// Looks through a connection of its own.
class SqliteWorld final : public StoreWorld {
 public:
  Store& store() override { return *store_; }
  void restart() override { store_ = made(); }

  std::optional<Document> find(std::string_view collection, const bson::Value& id) override {
    std::optional<Document> document;
    std::string blob;
    auto database = opened();
    auto select = database.prepare("SELECT document FROM " + sqlite::quoted_name(collection) +
                                   " WHERE _id = ?1 AND document IS NOT NULL");
    if (!select) throw std::runtime_error(select.error().message);
    if (const auto whole = id.as_int64()) {
      select->bind(1, *whole);
    } else if (const auto text = id.as_text()) {
      select->bind(1, *text);
    } else {
      write_extended(id, blob);
      select->bind_blob(1, blob);
    }
    if (select->step() == SQLITE_ROW) document.emplace(reader_.read_extended(select->text(0)).value());
    return document;
  }

  std::size_t count(std::string_view collection) override {
    auto database = opened();
    return std::stoull(
        database
            .ask("SELECT count(*) FROM " + sqlite::quoted_name(collection) + " WHERE document IS NOT NULL")
            .value());
  }

 private:
  [[nodiscard]] std::unique_ptr<sqlite::SqliteStore> made() const {
    return std::make_unique<sqlite::SqliteStore>(sqlite::StoreSettings{folder_.file("documents.db"), false});
  }
  [[nodiscard]] sqlite::Database opened() const {
    return sqlite::Database::open(folder_.file("documents.db"), sqlite::Access::read,
                                  {Code::store_unavailable, Code::store_fatal}, milliseconds(5000))
        .value();
  }

  TempFolder folder_;
  std::unique_ptr<sqlite::SqliteStore> store_ = made();
  JsonReader reader_;
};

}  // namespace

std::vector<StoreKind> all_stores() {
  return {{"memory", []() -> std::unique_ptr<StoreWorld> { return std::make_unique<MemoryWorld>(); }},
          {"sqlite", []() -> std::unique_ptr<StoreWorld> { return std::make_unique<SqliteWorld>(); }}};
}

}  // namespace sluice::engine
