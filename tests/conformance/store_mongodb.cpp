// MongoDB under the suite: every test has a database of its own.
#include "mongodb/store.hpp"
#include "store_world.hpp"
#include "support/mongodb_database.hpp"

namespace sluice::engine {
namespace {

class MongoWorld final : public StoreWorld {
 public:
  Store& store() override { return *store_; }
  void restart() override { store_ = made(); }

  std::optional<Document> find(std::string_view collection, const bson::Value& id) override {
    bson::Writer filter;
    const auto found = database_.find(collection, filter.value("_id", id).finish());
    if (found.empty() || found.front().at("_sluice.removed")) return std::nullopt;
    bson::Writer content;
    for (const bson::Element& element : found.front().view())
      if (element.name != "_id" && element.name != "_sluice") content.value(element.name, element.value);
    return Document(content.finish());
  }

  std::size_t count(std::string_view collection) override {
    bson::Writer filter;
    filter.begin_document("_sluice.removed").boolean("$exists", false).end();
    return database_.find(collection, filter.finish()).size();
  }

 private:
  [[nodiscard]] std::unique_ptr<mongodb::MongoStore> made() const {
    return std::make_unique<mongodb::MongoStore>(database_.settings());
  }

  MongoDatabase database_;
  std::unique_ptr<mongodb::MongoStore> store_ = made();
};

}  // namespace

std::vector<StoreKind> all_stores() {
  return {{"mongodb", []() -> std::unique_ptr<StoreWorld> { return std::make_unique<MongoWorld>(); }}};
}

}  // namespace sluice::engine
