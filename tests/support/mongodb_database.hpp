// A database of MongoDB for one test: empty at first, gone at its end. The server is the one that MONGODB_URI
// names, as tools/services/up sets it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mongodb/client.hpp"
#include "support/document.hpp"

namespace sluice::engine {

class MongoDatabase {
 public:
  MongoDatabase();
  ~MongoDatabase();
  MongoDatabase(const MongoDatabase&) = delete;
  MongoDatabase& operator=(const MongoDatabase&) = delete;

  // For a store of this database.
  [[nodiscard]] mongodb::StoreSettings settings() const;
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  [[nodiscard]] std::vector<Document> find(std::string_view collection, bson::View filter = {}) const;
  // Runs a command written as Extended JSON, here or elsewhere; throws if it fails.
  Document run(std::string_view command) const;
  Document run_on_admin(std::string_view command) const;
  Document run_on(const std::string& database, std::string_view command) const;

 private:
  std::string name_;
  mongodb::ClientPool pool_;
};

}  // namespace sluice::engine
