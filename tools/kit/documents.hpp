// The documents of a SQLite store, as anyone with the sqlite3 shell sees them: a table for each collection.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
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
  explicit Documents(const std::filesystem::path& path);

  // Every document of the collection, in no order; none if there is no such collection.
  void for_each(std::string_view collection, const std::function<void(const StoredDocument&)>& visit);

 private:
  Database database_;
};

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
