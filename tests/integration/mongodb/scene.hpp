// A prepared store, a session, and writes in short words.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "mongodb/store.hpp"
#include "support/mongodb_database.hpp"
#include "support/writing.hpp"

namespace sluice::engine::mongodb {

struct Written {
  std::vector<WriteResult> results;
  std::optional<Error> error;

  // The outcome that all have, as text; "several" if they differ.
  [[nodiscard]] std::string outcome() const {
    for (const WriteResult& result : results)
      if (result.outcome != results.front().outcome) return "several";
    return std::string(to_text(results.front().outcome));
  }
};

[[nodiscard]] inline Written write(StoreSession& session, const std::vector<Writing>& writings) {
  std::vector<Write> writes;
  for (const Writing& writing : writings) writes.push_back(writing.write());
  Written written{std::vector<WriteResult>(writes.size()), std::nullopt};
  if (auto result = session.write(writes, written.results); !result) written.error = result.error();
  return written;
}

// What a server says, by a fail point of its own (failCommand of MongoDB's test commands): on until the end
// of its scope, or until it has struck so many times.
class FailPoint {
 public:
  FailPoint(const MongoDatabase& database, std::string_view mode, std::string_view data)
      : database_(database) {
    database_.run_on_admin("{'configureFailPoint':'failCommand','mode':" + std::string(mode) +
                           ",'data':" + std::string(data) + "}");
  }
  ~FailPoint() { database_.run_on_admin("{'configureFailPoint':'failCommand','mode':'off'}"); }
  FailPoint(const FailPoint&) = delete;
  FailPoint& operator=(const FailPoint&) = delete;

 private:
  const MongoDatabase& database_;
};

// Where the server of these tests listens, for a proxy.
[[nodiscard]] inline std::uint16_t server_port() {
  const std::string uri = std::getenv("MONGODB_URI");
  return static_cast<std::uint16_t>(std::stoi(uri.substr(uri.rfind(':') + 1)));
}

class Scene : public testing::Test {
 protected:
  Scene() : store_(database_.settings()) {}

  void SetUp() override {
    const std::vector<CollectionSpec> collections{{"users", {}, false}};
    const auto prepared = store_.prepare(collections);
    ASSERT_TRUE(prepared) << prepared.error().message;
    session_ = store_.open_session();
  }

  [[nodiscard]] Written write(const std::vector<Writing>& writings) {
    return mongodb::write(*session_, writings);
  }
  [[nodiscard]] const MongoDatabase& database() const noexcept { return database_; }
  [[nodiscard]] MongoStore& store() noexcept { return store_; }

  // The field n of a document; nothing without the document.
  [[nodiscard]] std::optional<std::int64_t> n_of(std::string_view id) const {
    bson::Writer filter;
    const auto found = database_.find("users", filter.text("_id", id).finish());
    if (found.empty()) return std::nullopt;
    return found.front().at("n").as_int64();
  }

  static Writing count(std::string_view id) {
    return Writing(ChangeKind::patch, "users", "'" + std::string(id) + "'").inc("n", "1").at(5);
  }
  static Writing insert(std::string_view id, std::string_view content = "{'n':1}") {
    return Writing(ChangeKind::insert, "users", "'" + std::string(id) + "'").content(content).at(5);
  }

 private:
  MongoDatabase database_;
  MongoStore store_;
  std::unique_ptr<StoreSession> session_;
};

}  // namespace sluice::engine::mongodb
