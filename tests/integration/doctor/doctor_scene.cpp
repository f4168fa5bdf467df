#include "doctor_scene.hpp"

#include <cstdlib>
#include <fstream>

#include "json/reader.hpp"
#include "support/shared_services.hpp"

namespace sluice::engine {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// The broker makes a missing topic for a client that does not say no, as it does by default.
const SharedServices servers{{"kafka", "mongodb", "--kafka-set", "auto.create.topics.enable=true"}};

std::string value(const std::map<std::string, std::string>& given, const std::string& name,
                  std::string fallback) {
  const auto found = given.find(name);
  return found == given.end() ? std::move(fallback) : found->second;
}

}  // namespace

std::string brokers() { return servers->address("KAFKA_BOOTSTRAP_SERVERS"); }

std::string mongodb_uri() {
  const std::string uri = servers->address("MONGODB_URI");
  ::setenv("MONGODB_URI", uri.c_str(), 1);  // where MongoDatabase looks
  return uri;
}

std::vector<kafka_support::Sent> captured_events() {
  std::ifstream lines(SLUICE_FIXTURES "/cdc_unwrap.ndjson");
  std::vector<kafka_support::Sent> events;
  JsonReader lines_reader;
  JsonReader row_reader;
  for (std::string line; events.size() < 3 && std::getline(lines, line);) {
    const auto record = lines_reader.read_extended(line);
    const std::string row(record->find("payload").as_text().value());
    const std::string aggregate(row_reader.read_extended(row)->find("aggregate_id").as_text().value());
    events.push_back({.key = "{\"aggregate_id\":\"" + aggregate + "\"}", .value = row});
  }
  return events;
}

DoctorScene::DoctorScene() {
  make_topic(topic_, 2);
  make_topic(letters_, 1, {{"retention.ms", "-1"}, {"max.message.bytes", "10000000"}});
  client_.append(topic_, 0, captured_events());
}

void DoctorScene::make_topic(const std::string& name, int partitions,
                             const std::map<std::string, std::string>& settings) {
  std::map<std::string, std::string> all{{"message.timestamp.type", "LogAppendTime"}};
  for (const auto& [setting, wanted] : settings) all.insert_or_assign(setting, wanted);
  client_.create_topic(name, partitions, all);
}

Said DoctorScene::examine(const std::map<std::string, std::string>& other, const std::string& more) {
  std::string text = "sluice: 1\npipelines:\n  activity:\n    id: " + value(other, "id", "activity") + "\n";
  text += "    source: { kafka: { brokers: [" + value(other, "brokers", '"' + brokers() + '"') +
          "], topics: [\"" + value(other, "topics", topic_) + "\"], group: " + group_ +
          value(other, "source", "") + " } }\n";
  text += "    decode: { debezium_outbox: {} }\n    plugins: { activity: \"*\" }\n";
  text += "    routes: [ { from: activity }, { otherwise: dead_letter } ]\n";
  text += "    store: { mongodb: { uri: \"" + value(other, "uri", uri_) +
          "\", database: " + database_.name() + " } }\n";
  text += "    collections: { users: { " +
          value(other, "collections", "indexes: [ { keys: { email: 1 } } ]") + " } }\n";
  text += "    dead_letters: { kafka: { " + value(other, "letters", "topic: " + letters_) + " } }\n";
  return doctor(folder_.write("sluice.yaml", text), more);
}

void DoctorScene::expect_problem(const Said& said, const std::string& what, const std::string& remedy) {
  EXPECT_EQ(said.status, check_failed);
  EXPECT_THAT(said.text, AllOf(HasSubstr("PROBLEM"), HasSubstr(what), HasSubstr("-> " + remedy)));
}

void DoctorScene::expect_warning(const Said& said, const std::string& what, const std::string& remedy) {
  EXPECT_EQ(said.status, healthy) << said.text;
  EXPECT_THAT(said.text, AllOf(HasSubstr("WARNING"), HasSubstr(what), HasSubstr("-> " + remedy)));
}

}  // namespace sluice::engine
