// The verifier must find every kind of damage: it is what the demo and the crash tests believe.
#include "kit/verify.hpp"

#include <gmock/gmock.h>

#include "kit/documents.hpp"
#include "kit/generate.hpp"
#include "kit/outbox.hpp"
#include "kit/reference.hpp"
#include "kit/sqlite.hpp"
#include "support/temp_folder.hpp"

namespace sluice::kit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> broken(const VerifyReport& report) {
  std::vector<std::string> names;
  for (const Check& check : report.checks)
    if (!check.held()) names.push_back(check.name);
  return names;
}

// An outbox, and a store that is exactly what it must be.
class Verify : public testing::Test {
 protected:
  Verify() { fill(0); }

  void fill(double poison_percent, bool forbidden = false) {
    outbox_ = folder_.file("outbox" + std::to_string(poison_percent));
    documents_ = folder_.file("documents" + std::to_string(poison_percent));
    GenerateSettings settings;
    settings.out = outbox_;
    settings.events = 200;
    settings.poison_percent = poison_percent;
    settings.forbidden = forbidden;
    manifest_ = folder_.file("load.json");
    settings.manifest = manifest_;
    EXPECT_EQ(generate(settings).events, 200U);

    DocumentsWriter writer(documents_);
    Reference reference(outbox_file(outbox_));
    const ReferenceSummary summary =
        reference.run([&](std::string_view collection, const std::string& id, const Json& document) {
          writer.put(collection, id, document);
        });
    writer.put("statistics", "global", summary.statistics());
    writer.commit();
    refused_ = summary.dead_letters;
  }

  void damage(const std::string& sql) const {
    Database(documents_, OpenMode::read_write_create).execute(sql);
  }
  void damage_outbox(const std::string& sql) const {
    Database(outbox_, OpenMode::read_write_create).execute(sql);
  }
  [[nodiscard]] VerifyReport look(const std::string& dead_letters = {}) const {
    return verify({outbox_, documents_, dead_letters});
  }
  [[nodiscard]] static std::string letter(const std::string& event, std::int64_t position,
                                          const std::string& code) {
    const Json record = {{"value", nullptr},
                         {"headers",
                          {"sluice.event.id", event, "sluice.code", code, "__connect.errors.offset",
                           std::to_string(position)}}};
    return record.dump() + "\n";
  }
  [[nodiscard]] std::string all_letters() const {
    std::string lines;
    for (const auto& [event, refusal] : refused_) lines += letter(event, refusal.position, refusal.code);
    return lines;
  }

  engine::TempFolder folder_;
  std::string outbox_;
  std::string documents_;
  std::multimap<std::string, ReferenceSummary::Refusal> refused_;
  std::string manifest_;
};

TEST_F(Verify, finds_nothing_wrong_with_what_is_right) {
  const VerifyReport report = look();
  EXPECT_TRUE(report.held()) << to_table(report);
  EXPECT_EQ(report.events, 200U);
  EXPECT_EQ(report.applied, 200U);
  EXPECT_EQ(report.collections.at("users").found, 100U);
  EXPECT_EQ(report.latest.at("users").size(), 3U);
  EXPECT_EQ(Json::parse(to_json(report)).at("passed"), true);
}

TEST_F(Verify, finds_a_missing_document) {
  damage("DELETE FROM users WHERE _id = (SELECT _id FROM users LIMIT 1)");
  EXPECT_THAT(broken(look()), testing::IsSupersetOf({"counts", "equal_to_reference", "every_event"}));
}

TEST_F(Verify, finds_a_document_that_comes_from_no_event) {
  damage("INSERT INTO users SELECT 'stranger', document FROM users LIMIT 1");
  EXPECT_THAT(broken(look()), testing::IsSupersetOf({"counts", "no_duplicates", "equal_to_reference"}));
}

TEST_F(Verify, finds_a_document_that_is_there_twice) {
  damage(
      "CREATE TABLE copy AS SELECT * FROM users; DROP TABLE users; ALTER TABLE copy RENAME TO users;"
      "INSERT INTO users SELECT * FROM users LIMIT 1");
  EXPECT_THAT(broken(look()), ElementsAre("counts", "no_duplicates"));
}

TEST_F(Verify, finds_a_changed_field) {
  damage(
      "UPDATE users SET document = json_set(document, '$.address.city', 'Nowhere')"
      " WHERE _id = (SELECT _id FROM users LIMIT 1)");
  const VerifyReport report = look();
  EXPECT_THAT(broken(report), ElementsAre("equal_to_reference"));
  EXPECT_THAT(to_table(report), testing::HasSubstr("/address/city"));
}

TEST_F(Verify, finds_a_missing_field) {
  damage(
      "UPDATE activities SET document = json_remove(document, '$.schedule.start_date')"
      " WHERE _id = (SELECT _id FROM activities LIMIT 1)");
  EXPECT_THAT(broken(look()), ElementsAre("required_fields", "equal_to_reference"));
}

TEST_F(Verify, finds_a_wrong_count_of_participants) {
  damage(
      "UPDATE activities SET document = json_set(document, '$.participants.current_count', 99)"
      " WHERE _id = (SELECT _id FROM activities LIMIT 1)");
  EXPECT_THAT(broken(look()), ElementsAre("participants", "equal_to_reference"));
}

constexpr const char* a_joined_activity =
    " WHERE _id = (SELECT _id FROM activities WHERE json_array_length(document, "
    "'$.participants.allowed_users') > 0"
    " LIMIT 1)";

TEST_F(Verify, finds_a_participant_that_was_added_twice) {
  damage(
      std::string(
          "UPDATE activities SET document = json_insert(json_set(document, '$.participants.current_count',"
          " json_array_length(document, '$.participants.allowed_users') + 1),"
          " '$.participants.allowed_users[#]', json_extract(document, '$.participants.allowed_users[0]'))") +
      a_joined_activity);
  EXPECT_THAT(broken(look()), ElementsAre("no_duplicates", "equal_to_reference"));
}

TEST_F(Verify, finds_a_lost_participant) {
  damage(std::string(
             "UPDATE activities SET document = json_remove(json_set(document, '$.participants.current_count',"
             " json_array_length(document, '$.participants.allowed_users') - 1),"
             " '$.participants.allowed_users[0]')") +
         a_joined_activity);
  EXPECT_THAT(broken(look()), ElementsAre("equal_to_reference", "every_event"));
}

TEST_F(Verify, finds_people_that_do_not_exist) {
  damage(
      std::string(
          "UPDATE activities SET document = json_set(document, '$.participants.allowed_users[0]', 'nobody',"
          " '$.creator_id', 'nobody')") +
      a_joined_activity);
  const VerifyReport report = look();
  EXPECT_THAT(broken(report), ElementsAre("referential_integrity", "equal_to_reference", "every_event"));
  EXPECT_EQ(report.checks[2].violations, 2U);
}

TEST_F(Verify, finds_wrong_statistics) {
  damage("UPDATE statistics SET document = json_set(document, '$.by_type.chess', 1000)");
  EXPECT_THAT(broken(look()), ElementsAre("statistics"));
  damage("DELETE FROM statistics");
  EXPECT_THAT(broken(look()), ElementsAre("counts", "statistics"));
}

TEST_F(Verify, finds_that_the_newest_event_has_not_arrived) {
  damage("DELETE FROM users WHERE _id = (SELECT json_extract(document, '$.user_id') FROM users)");
  damage("DELETE FROM users");
  EXPECT_THAT(broken(look()), testing::Contains("latest_documents"));
}

TEST_F(Verify, finds_an_event_that_nobody_applied) {
  damage_outbox(
      "INSERT INTO event_outbox (event_id, aggregate_type, aggregate_id, event_type, payload, created_at) "
      "SELECT 'late', aggregate_type, aggregate_id, event_type, json_set(payload, '$.user_id',"
      " '00000000-0000-4000-8000-000000000001'), created_at FROM event_outbox "
      "WHERE event_type = 'UserCreated' LIMIT 1");
  EXPECT_THAT(broken(look()),
              testing::IsSupersetOf({"counts", "latest_documents", "statistics", "every_event"}));
}

TEST_F(Verify, takes_the_right_dead_letters_for_an_answer) {
  fill(5);
  EXPECT_EQ(refused_.size(), 10U);
  const VerifyReport report = look(folder_.write("dead.ndjson", all_letters() + all_letters()));
  EXPECT_THAT(broken(report), IsEmpty()) << to_table(report);
  EXPECT_EQ(report.dead_letters, 10U);
  EXPECT_EQ(report.applied, 190U);
}

TEST_F(Verify, recounts_from_the_manifest_alone) {
  fill(10);
  VerifySettings settings{{}, documents_, folder_.write("dead.ndjson", all_letters())};
  settings.manifests = {manifest_};
  const VerifyReport report = verify(settings);
  EXPECT_THAT(broken(report), IsEmpty()) << to_table(report);
  EXPECT_EQ(report.dead_letters, 20U);
  EXPECT_EQ(report.applied, 180U);
}

TEST_F(Verify, looks_among_what_others_own_at_what_the_load_made) {
  VerifySettings settings{outbox_, documents_, {}};
  settings.manifests = {manifest_};
  settings.among_others = true;
  damage("INSERT INTO users VALUES ('somebody', '{}')");
  damage_outbox(
      "INSERT INTO event_outbox (event_id, aggregate_type, aggregate_id, event_type, payload, created_at) "
      "VALUES ('0c5c7fd0-a6a3-4450-a513-270e269e0d37', 'user', 'somebody', 'UserCreated', '{}', "
      "'2026-04-21T20:37:03Z')");
  const VerifyReport report = verify(settings);
  EXPECT_THAT(broken(report), IsEmpty()) << to_table(report);
  EXPECT_EQ(report.events, 200U);
  damage("DELETE FROM users WHERE _id = (SELECT min(_id) FROM users)");
  EXPECT_THAT(broken(verify(settings)), testing::Contains("equal_to_reference"));
}

TEST_F(Verify, knows_what_is_among_others_only_from_manifests) {
  VerifySettings settings{outbox_, documents_, {}};
  settings.among_others = true;
  EXPECT_THROW(static_cast<void>(verify(settings)), std::invalid_argument);
}

TEST_F(Verify, finds_the_running_totals_where_the_store_keeps_them) {
  damage("ALTER TABLE statistics RENAME TO totals");
  VerifySettings settings{outbox_, documents_, {}};
  EXPECT_THAT(broken(verify(settings)), testing::Contains("statistics"));
  settings.statistics = "totals";
  EXPECT_THAT(broken(verify(settings)), IsEmpty());
}

TEST_F(Verify, holds_the_refused_events_against_the_poison) {
  fill(10);
  VerifySettings settings{outbox_, documents_, folder_.write("dead.ndjson", all_letters())};
  settings.manifests = {manifest_};
  EXPECT_THAT(broken(verify(settings)), IsEmpty());
  damage_outbox("UPDATE event_outbox SET event_type = 'UserVanished' WHERE id = 7");
  EXPECT_THAT(broken(verify(settings)), testing::Contains("poison"));
}

TEST_F(Verify, expects_a_letter_and_the_totals_of_a_document_that_the_store_forbids) {
  fill(100, true);
  VerifySettings settings{outbox_, documents_, folder_.write("dead.ndjson", all_letters())};
  settings.manifests = {manifest_};
  EXPECT_THAT(broken(verify(settings)), IsEmpty());
  settings.dead_letters.clear();
  EXPECT_THAT(broken(verify(settings)), ElementsAre("dead_letters", "every_event"));
  damage("UPDATE statistics SET document = json_remove(document, '$.users')");
  EXPECT_THAT(broken(verify(settings)), testing::Contains("statistics"));
}

TEST_F(Verify, finds_dead_letters_that_are_missing) {
  fill(5);
  EXPECT_THAT(broken(look()), ElementsAre("dead_letters", "every_event"));
}

TEST_F(Verify, finds_a_dead_letter_without_need) {
  EXPECT_THAT(broken(look(folder_.write("dead.ndjson", letter("01a1", 1, "handler.threw")))),
              ElementsAre("dead_letters"));
}

TEST_F(Verify, finds_a_dead_letter_with_another_reason) {
  fill(0.5);
  const auto& [event, refusal] = *refused_.begin();
  EXPECT_THAT(broken(look(folder_.write("dead.ndjson", letter(event, refusal.position, "internal")))),
              ElementsAre("dead_letters"));
}

TEST_F(Verify, knows_who_joined_what_never_came) {
  damage_outbox(
      "UPDATE event_outbox SET payload = json_set(payload, '$.activity_id',"
      " '00000000-0000-4000-8000-000000000002') WHERE id = "
      "(SELECT max(id) FROM event_outbox WHERE event_type = 'ParticipantJoined')");
  Reference reference(outbox_file(outbox_));
  const ReferenceSummary summary = reference.run([](std::string_view, const std::string&, const Json&) {});
  ASSERT_EQ(summary.dead_letters.size(), 1U);
  EXPECT_EQ(summary.dead_letters.begin()->second.code, "wait.expired");
  EXPECT_EQ(summary.participations, 40U);  // the statistics do not wait
}

}  // namespace
}  // namespace sluice::kit
