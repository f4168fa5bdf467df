#include <mongoc/mongoc.h>

#include <cstdlib>
#include <mutex>
#include <stdexcept>

#include "kit/destroyed.hpp"
#include "kit/documents.hpp"

namespace sluice::kit {
namespace {

using Uri = std::unique_ptr<mongoc_uri_t, Destroyed<mongoc_uri_destroy>>;
using Client = std::unique_ptr<mongoc_client_t, Destroyed<mongoc_client_destroy>>;
using Collection = std::unique_ptr<mongoc_collection_t, Destroyed<mongoc_collection_destroy>>;
using Cursor = std::unique_ptr<mongoc_cursor_t, Destroyed<mongoc_cursor_destroy>>;

std::once_flag library_started;

std::string variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

// Dates as the rest of the kit writes them: with milliseconds, which libbson leaves out where they are none.
void write_milliseconds(Json& value) {
  if (value.is_object() && value.size() == 1 && value.contains("$date") && value["$date"].is_string()) {
    auto& text = value["$date"].get_ref<std::string&>();
    if (text.ends_with('Z') && text.find('.') == std::string::npos) text.insert(text.size() - 1, ".000");
    return;
  }
  if (value.is_structured())
    for (Json& inner : value) write_milliseconds(inner);
}

class MongoDocuments final : public Documents {
 public:
  explicit MongoDocuments(const std::string& text) {
    std::call_once(library_started, [] { mongoc_init(); });
    const Uri uri(mongoc_uri_new(
        text == "environment" ? variable("MONGODB_URI", "mongodb://localhost:27017").c_str() : text.c_str()));
    if (uri && text == "environment")
      mongoc_uri_set_database(uri.get(), variable("MONGODB_DATABASE", "activity_read").c_str());
    const char* database = uri ? mongoc_uri_get_database(uri.get()) : nullptr;
    if (database == nullptr)
      throw std::runtime_error(
          "the documents: not the URI of a database, such as mongodb://localhost:27017/activity_read");
    database_ = database;
    client_.reset(mongoc_client_new_from_uri(uri.get()));
    if (!client_) throw std::runtime_error("the documents: no client can be made for this URI");
  }

  void for_each(std::string_view collection,
                const std::function<void(const StoredDocument&)>& visit) override {
    const std::string name(collection);
    const Collection from(mongoc_client_get_collection(client_.get(), database_.c_str(), name.c_str()));
    const bson_t everything = BSON_INITIALIZER;
    const Cursor cursor(mongoc_collection_find_with_opts(from.get(), &everything, nullptr, nullptr));
    const bson_t* found = nullptr;
    while (mongoc_cursor_next(cursor.get(), &found)) visit(stored(*found));
    bson_error_t error;
    if (mongoc_cursor_error(cursor.get(), &error))
      throw std::runtime_error("the documents of " + name + ": " + error.message);
  }

 private:
  static StoredDocument stored(const bson_t& document) {
    std::size_t size = 0;
    char* text = bson_as_relaxed_extended_json(&document, &size);
    StoredDocument one;
    one.document = Json::parse(text, text + size, nullptr, false);
    bson_free(text);
    if (!one.document.is_object()) return one;
    const Json& id = one.document["_id"];
    one.id = id.is_string() ? id.get<std::string>() : id.dump();
    one.document.erase("_id");
    one.document.erase("_sluice");  // the engine's marks
    write_milliseconds(one.document);
    return one;
  }

  std::string database_;
  Client client_;
};

}  // namespace

std::unique_ptr<Documents> open_mongo_documents(const std::string& uri) {
  return std::make_unique<MongoDocuments>(uri);
}

}  // namespace sluice::kit
