// What the doctor finds where there is nothing but files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "doctor_run.hpp"
#include "sqlite/database.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* outbox =
    "CREATE TABLE event_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT, aggregate_type TEXT, "
    "aggregate_id TEXT, event_type TEXT, payload TEXT, created_at TEXT)";

class DoctorOfFiles : public testing::Test {
 protected:
  void SetUp() override { sql("outbox.db", std::string("PRAGMA journal_mode = WAL; ") + outbox); }

  sqlite::Database open(const std::string& name) const {
    return sqlite::Database::open(folder_.file(name), sqlite::Access::create,
                                  {Code::store_unavailable, Code::store_fatal}, milliseconds(1000))
        .value();
  }
  void sql(const std::string& name, const std::string& statements) const {
    auto database = open(name);
    const auto ran = database.run(statements);
    ASSERT_TRUE(ran) << ran.error().message;
  }
  void insert(const std::string& type, const std::string& payload) const {
    sql("outbox.db",
        "INSERT INTO event_outbox (event_id, aggregate_type, aggregate_id, event_type, payload, created_at) "
        "VALUES ('e-1', 'user', 'a-1', '" +
            type + "', '" + payload + "', '2026-11-21T10:00:00Z')");
  }

  // A pipeline from outbox.db to documents.db, or with other parts in their places.
  struct Parts {
    std::string source = "sqlite: { path: outbox.db }";
    std::string decode = "outbox_row: {}";
    std::string routes = "{ from: activity }, { on: Unwanted, to: [] }";
    std::string store = "sqlite: { path: documents.db }";
    std::string letters = "file: { path: dead.ndjson }";
  };
  std::string pipeline(const Parts& parts) const {
    return folder_.write("sluice.yaml", "sluice: 1\npipelines:\n  people:\n    source: { " + parts.source +
                                            " }\n    decode: { " + parts.decode +
                                            " }\n    plugins: { activity: \"*\" }\n    routes: [ " +
                                            parts.routes + " ]\n    store: { " + parts.store +
                                            " }\n    dead_letters: { " + parts.letters + " }\n");
  }
  static void expect_problem(const Said& said, const std::string& what, const std::string& remedy) {
    EXPECT_EQ(said.status, check_failed);
    EXPECT_THAT(said.text, AllOf(HasSubstr("PROBLEM"), HasSubstr(what), HasSubstr("-> " + remedy)));
  }
  static void expect_warning(const Said& said, const std::string& what, const std::string& remedy) {
    EXPECT_EQ(said.status, healthy) << said.text;
    EXPECT_THAT(said.text, AllOf(HasSubstr("WARNING"), HasSubstr(what), HasSubstr("-> " + remedy)));
  }

  TempFolder folder_;
};

TEST_F(DoctorOfFiles, finds_nothing_wrong_with_what_is_well_and_leaves_no_trace) {
  insert("Unwanted", "{}");
  const Said said = doctor(pipeline({}));
  EXPECT_EQ(said.status, healthy);
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("No problem, no warning."), HasSubstr("1 record, 1 event: 1 Unwanted"),
                    HasSubstr("the end is 2 positions away"), HasSubstr("plugin activity: Version 1.0.0")));
  for (const char* made : {"documents.db", "dead.ndjson"})
    EXPECT_FALSE(std::filesystem::exists(folder_.file(made)));
}

TEST_F(DoctorOfFiles, finds_nothing_wrong_after_a_run_either) {
  insert("Unwanted", "{}");
  const std::string file = pipeline({.source = "file: { path: events.ndjson }",
                                     .decode = "plain: { type: \"field:type\" }",
                                     .letters = "sqlite: { path: dead.db }"});
  folder_.write("events.ndjson", "");
  ASSERT_EQ(run_sluice("run -c '" + file + "'").status, 0);
  const Said said = doctor(file);
  EXPECT_EQ(said.status, healthy);
  EXPECT_THAT(said.text, AllOf(HasSubstr("No problem, no warning."), HasSubstr("breaker: Closed"),
                               HasSubstr("'" + folder_.file("documents.db") + "' can be written.")));
}

TEST_F(DoctorOfFiles, shows_a_mistake_of_the_configuration_with_its_place) {
  const Said said = doctor(pipeline({.source = "sqlite: { pathh: outbox.db }"}));
  EXPECT_EQ(said.status, check_failed);
  EXPECT_THAT(said.text, AllOf(HasSubstr("sluice.yaml:4:"), HasSubstr("did you mean \"path\"?")));
}

TEST_F(DoctorOfFiles, misses_a_plugin) {
  const std::string file =
      folder_.write("sluice.yaml",
                    "sluice: 1\npipelines:\n  people:\n    source: { sqlite: { path: outbox.db } }\n"
                    "    plugins: { nowhere: \"*\" }\n    routes: [ { from: nowhere } ]\n"
                    "    store: { sqlite: { path: documents.db } }\n");
  expect_problem(doctor(file), "nowhere", "`sluice plugins list`");
}

TEST_F(DoctorOfFiles, tells_of_a_handler_that_no_route_leads_to) {
  expect_warning(
      doctor(pipeline({.routes = "{ on: UserCreated, to: [activity.user_statistics] }"})),
      "activity.user_statistics is for events of the type ActivityCreated, but no route takes them",
      "Add a route: { on: ActivityCreated, to: [activity.user_statistics] }");
}

TEST_F(DoctorOfFiles, misses_the_outbox) {
  expect_problem(doctor(pipeline({.source = "sqlite: { path: other.db }"})), "There is no file",
                 "Correct the path");
  sql("empty.db", "CREATE TABLE other (id)");
  expect_problem(doctor(pipeline({.source = "sqlite: { path: empty.db }"})), "CREATE TABLE",
                 "The outbox must be such a table");
}

TEST_F(DoctorOfFiles, refuses_an_outbox_whose_keys_may_come_again) {
  sql("plain.db",
      "CREATE TABLE event_outbox (id INTEGER PRIMARY KEY, event_id, aggregate_type, aggregate_id, "
      "event_type, "
      "payload, created_at)");
  expect_problem(doctor(pipeline({.source = "sqlite: { path: plain.db }"})), "AUTOINCREMENT",
                 "The outbox must be such a table");
}

TEST_F(DoctorOfFiles, warns_of_an_outbox_without_a_write_ahead_log) {
  sql("delete.db", outbox);
  expect_warning(doctor(pipeline({.source = "sqlite: { path: delete.db }"})), "Its journal mode is 'delete'",
                 "Run once on it: PRAGMA journal_mode = WAL");
}

TEST_F(DoctorOfFiles, misses_the_folder_of_a_store) {
  expect_problem(doctor(pipeline({.store = "sqlite: { path: nowhere/documents.db }"})),
                 "nowhere' does not exist", "Make it");
}

TEST_F(DoctorOfFiles, refuses_a_store_that_is_a_folder_or_no_database) {
  std::filesystem::create_directory(folder_.file("folder"));
  expect_problem(doctor(pipeline({.store = "sqlite: { path: folder }"})), "is a folder", "Name a file in it");
  folder_.write("text.db", std::string(4096, 'x'));
  expect_problem(doctor(pipeline({.store = "sqlite: { path: text.db }"})), "is not an SQLite database",
                 "Name a file that SQLite has written");
}

TEST_F(DoctorOfFiles, warns_of_a_store_that_another_program_has_locked) {
  auto other = open("documents.db");
  sqlite::Transaction lock(other);
  ASSERT_TRUE(lock.begin());
  expect_warning(doctor(pipeline({.store = "sqlite: { path: documents.db, busy_timeout: 100ms }"})), "locked",
                 "Another program holds the lock");
}

TEST_F(DoctorOfFiles, misses_the_folder_of_dead_letters) {
  expect_problem(doctor(pipeline({.letters = "file: { path: nowhere/dead.ndjson }"})),
                 "nowhere' does not exist", "Make it");
}

TEST_F(DoctorOfFiles, foresees_dead_letters) {
  insert("Unheard", "{}");
  expect_problem(doctor(pipeline({})),
                 "1 of 1 record would be dead letters; the first, partition 0 position 1: [route.no_match]",
                 "Give routes an entry for \"Unheard\"");
  insert("Unwanted", "{}");
  expect_warning(doctor(pipeline({})), "1 of 2 records would be dead letters", "Give routes an entry");
}

TEST_F(DoctorOfFiles, knows_an_outbox_that_was_made_anew) {
  insert("Unwanted", "{}");
  insert("Unwanted", "{}");
  const std::string file = pipeline({});
  sql("documents.db",
      "CREATE TABLE _sluice_positions (pipeline TEXT, topic TEXT, partition INTEGER, share_index INTEGER, "
      "share_of INTEGER, "
      "next INTEGER, last INTEGER, last_timestamp TEXT, last_checksum INTEGER);"
      "CREATE TABLE _sluice_breakers (pipeline TEXT, opened TEXT, reason TEXT, fingerprint TEXT);"
      "CREATE TABLE _sluice_letters (pipeline TEXT, topic TEXT, partition INTEGER, position INTEGER, "
      "generation INTEGER, "
      "handler TEXT, collection TEXT, document TEXT, disposition TEXT, at TEXT, code TEXT, reason TEXT);"
      "INSERT INTO _sluice_positions VALUES ('people', 'event_outbox', 0, 0, 1, 3, 2, '', 4711)");
  expect_problem(doctor(file), "another record stands at position 2",
                 "If it was made anew on purpose: sluice positions reset");
}

TEST_F(DoctorOfFiles, says_all_of_it_as_json) {
  const Said said = doctor(pipeline({.source = "sqlite: { path: other.db }"}), "--json");
  EXPECT_EQ(said.status, check_failed);
  EXPECT_THAT(said.text, AllOf(HasSubstr("\"healthy\": false"), HasSubstr("\"problems\": 1"),
                               HasSubstr("\"level\": \"problem\""), HasSubstr("\"part\": \"source\"")));
}

}  // namespace
}  // namespace sluice::engine
