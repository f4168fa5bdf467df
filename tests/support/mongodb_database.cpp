#include "support/mongodb_database.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>

#include "sluice/bson_writer.hpp"

namespace sluice::engine {
namespace {

std::string own_name() {
  static std::atomic<int> count = 0;
  return "sluice_test_" + std::to_string(getpid()) + "_" + std::to_string(++count);
}

mongodb::StoreSettings settings_of(const std::string& name) {
  const char* uri = std::getenv("MONGODB_URI");
  if (uri == nullptr) throw std::runtime_error("run it as: tools/services/up mongodb -- this program");
  mongodb::StoreSettings settings;
  settings.uri = std::string(uri) + "&heartbeatFrequencyMS=500";  // the least that libmongoc takes
  settings.database = name;
  return settings;
}

}  // namespace

MongoDatabase::MongoDatabase()
    : name_(own_name()), pool_(mongodb::ClientPool::open(settings_of(name_)).value()) {}

MongoDatabase::~MongoDatabase() {
  bson::Writer command;
  mongodb::Reply reply;
  pool_.client()->run(command.int32("dropDatabase", 1).finish(), reply);
}

mongodb::StoreSettings MongoDatabase::settings() const { return settings_of(name_); }

std::vector<Document> MongoDatabase::find(std::string_view collection, bson::View filter) const {
  std::vector<Document> found;
  const auto failure = pool_.client()->find(collection, filter, bson::View(),
                                            [&](bson::View document) { found.emplace_back(document); });
  if (failure) throw std::runtime_error(describe(*failure));
  return found;
}

Document MongoDatabase::run(std::string_view command) const { return run_on(name_, command); }

Document MongoDatabase::run_on_admin(std::string_view command) const { return run_on("admin", command); }

Document MongoDatabase::run_on(const std::string& database, std::string_view command) const {
  const Document sent(command);
  mongodb::Reply reply;
  pool_.client()->run(database, sent.view(), reply);
  if (reply.failure()) throw std::runtime_error(describe(*reply.failure()));
  return Document(reply.view());
}

}  // namespace sluice::engine
