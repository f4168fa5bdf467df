// The documents of a store as anyone sees them: with the sqlite3 shell, a table for each collection, or with
// any client of MongoDB.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "kit/rules.hpp"
#include "kit/sqlite.hpp"

namespace sluice::kit {

struct StoredDocument {
  std::string id;
  Json document;  // without its _id
};

class Documents {
 public:
  virtual ~Documents() = default;

  // Every document of the collection, in no order; none if there is no such collection.
  virtual void for_each(std::string_view collection,
                        const std::function<void(const StoredDocument&)>& visit) = 0;
};

// A SQLite file, or a database of MongoDB: "mongodb://host:port/database"; "environment" stands for
// MONGODB_URI and MONGODB_DATABASE, with the reference system's defaults, and keeps their password off
// command lines.
[[nodiscard]] std::unique_ptr<Documents> open_documents(const std::string& where);

// mongo_documents.cpp. Throws std::runtime_error when it cannot be read.
[[nodiscard]] std::unique_ptr<Documents> open_mongo_documents(const std::string& uri);

// Makes such a file anew, or adds to it.
class DocumentsWriter {
 public:
  explicit DocumentsWriter(const std::filesystem::path& path);

  void put(std::string_view collection, std::string_view id, const Json& document);
  void commit();

 private:
  Statement& insert_into(std::string_view collection);

  Database database_;
  std::map<std::string, Statement, std::less<>> inserts_;  // by collection
};

}  // namespace sluice::kit
