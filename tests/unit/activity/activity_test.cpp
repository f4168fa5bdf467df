#include <gmock/gmock.h>

#include <sluice/testing.hpp>

namespace {

using nlohmann::json;
using sluice::testing::Given;
using sluice::testing::Operation;
using sluice::testing::Result;
using testing::ElementsAre;

constexpr const char* some_user = "0c5c7fd0-a6a3-4450-a513-270e269e0d37";
constexpr const char* some_activity = "0becd7b0-3898-4190-b9eb-dacc0cb1e29c";

json user_payload() {
  return json::parse(R"({
    "email": "clara.novak8314@example.org", "phone": "+1-555-6851",
    "address": {"city": "South Ashlee", "state": "WA", "street": "1145 Okafor Street", "country": "US", "zipcode": "07747"},
    "user_id": "0c5c7fd0-a6a3-4450-a513-270e269e0d37", "username": "clara_novak_220", "last_name": "Novak",
    "created_at": "2026-04-21T20:37:03.605136+00:00", "first_name": "Clara",
    "preferences": {"language": "en", "timezone": "America/New_York", "notifications_enabled": false},
    "date_of_birth": "1952-02-14"})");
}

json activity_payload() {
  return json::parse(R"({
    "title": "Cycling - West Tobias",
    "location": {"city": "West Tobias", "name": "Haddad Park", "address": "316 Main St",
                 "coordinates": {"lat": 7.230873, "lng": 65}},
    "schedule": {"recurring": false, "start_date": "2026-02-19T18:40:12.390487+00:00", "duration_minutes": 30},
    "created_at": "2026-10-02T19:13:31.713451+00:00", "creator_id": "0c5c7fd0-a6a3-4450-a513-270e269e0d37",
    "activity_id": "0becd7b0-3898-4190-b9eb-dacc0cb1e29c", "description": "Join us",
    "participants": {"allowed_users": [], "current_count": 0, "max_participants": 8}, "activity_type": "cycling"})");
}

Result run(const std::string& handler, const std::string& type, const json& payload,
           const sluice::testing::OptionTexts& options = {}) {
  static const sluice::testing::Plugin plugin(sluice_plugin_entry);
  Given given{.type = type, .payload = payload.dump()};
  given.created = sluice::Time(std::chrono::microseconds{1'795'248'392'584'684});
  return plugin.handle(handler, given, options);
}

TEST(UserCreated, makes_the_payload_a_document_with_dates) {
  const Result result = run("user_created", "UserCreated", user_payload());
  ASSERT_EQ(result.outcome, "ok") << result.reason;
  ASSERT_EQ(result.changes.size(), 1U);
  EXPECT_EQ(result.changes[0].kind, "insert");
  EXPECT_EQ(result.changes[0].collection, "users");
  EXPECT_EQ(result.changes[0].id, some_user);
  json expected = user_payload();
  expected["created_at"] = {{"$date", "2026-04-21T20:37:03.605Z"}};
  EXPECT_EQ(result.changes[0].document, expected);
}

TEST(UserCreated, keeps_dates_as_text_when_asked_to) {
  const Result result = run("user_created", "UserCreated", user_payload(), {{"dates", "text"}});
  ASSERT_EQ(result.outcome, "ok") << result.reason;
  EXPECT_EQ(result.changes[0].document, user_payload());
}

TEST(UserCreated, keeps_fields_that_it_does_not_know) {
  json payload = user_payload();
  payload["nickname"] = "Cla";
  payload["address"]["floor"] = 3;
  const Result result = run("user_created", "UserCreated", payload);
  ASSERT_EQ(result.outcome, "ok") << result.reason;
  EXPECT_EQ(result.changes[0].document["nickname"], "Cla");
  EXPECT_EQ(result.changes[0].document["address"]["floor"], 3);
}

TEST(UserCreated, writes_ids_in_their_one_form) {
  json payload = user_payload();
  payload["user_id"] = "0C5C7FD0-A6A3-4450-A513-270E269E0D37";
  const Result result = run("user_created", "UserCreated", payload);
  EXPECT_EQ(result.changes.at(0).id, some_user);
  EXPECT_EQ(result.changes.at(0).document["user_id"], some_user);
}

TEST(UserCreated, rejects_a_payload_without_what_it_must_have) {
  for (const char* name : {"user_id", "email", "created_at"}) {
    json payload = user_payload();
    payload.erase(name);
    EXPECT_EQ(run("user_created", "UserCreated", payload).reason,
              "the payload has no \"" + std::string(name) + '"');
    payload[name] = nullptr;
    EXPECT_EQ(run("user_created", "UserCreated", payload).outcome, "rejected") << name;
  }
}

TEST(UserCreated, rejects_fields_of_other_types_with_their_path) {
  json payload = user_payload();
  payload["preferences"]["notifications_enabled"] = "yes";
  EXPECT_EQ(run("user_created", "UserCreated", payload).reason,
            "\"preferences.notifications_enabled\" of the payload is not true or false");
  payload = user_payload();
  payload["created_at"] = "yesterday";
  EXPECT_EQ(run("user_created", "UserCreated", payload).outcome, "rejected");
  payload = user_payload();
  payload["address"] = "at home";
  EXPECT_EQ(run("user_created", "UserCreated", payload).reason,
            "\"address\" of the payload is not an object");
}

TEST(UserCreated, rejects_a_payload_that_is_no_object) {
  EXPECT_EQ(run("user_created", "UserCreated", json::array()).outcome, "unreadable");
}

TEST(UserCreated, refuses_an_option_that_is_none) {
  EXPECT_THROW(run("user_created", "UserCreated", user_payload(), {{"dates", "soon"}}), sluice::Reject);
}

TEST(ActivityCreated, makes_the_payload_a_document_with_dates) {
  const Result result = run("activity_created", "ActivityCreated", activity_payload());
  ASSERT_EQ(result.outcome, "ok") << result.reason;
  ASSERT_EQ(result.changes.size(), 1U);
  EXPECT_EQ(result.changes[0].kind, "insert");
  EXPECT_EQ(result.changes[0].collection, "activities");
  EXPECT_EQ(result.changes[0].id, some_activity);
  json expected = activity_payload();
  expected["created_at"] = {{"$date", "2026-10-02T19:13:31.713Z"}};
  expected["schedule"]["start_date"] = {{"$date", "2026-02-19T18:40:12.390Z"}};
  EXPECT_EQ(result.changes[0].document, expected);
}

TEST(ActivityCreated, rejects_an_activity_without_a_start) {
  json payload = activity_payload();
  payload["schedule"].erase("start_date");
  EXPECT_EQ(run("activity_created", "ActivityCreated", payload).reason,
            "the payload has no \"schedule.start_date\"");
  payload.erase("schedule");
  EXPECT_EQ(run("activity_created", "ActivityCreated", payload).reason, "the payload has no \"schedule\"");
}

TEST(ActivityCreated, rejects_participants_that_are_no_ids) {
  json payload = activity_payload();
  payload["participants"]["allowed_users"] = {some_user, "somebody"};
  EXPECT_EQ(run("activity_created", "ActivityCreated", payload).reason,
            "\"participants.allowed_users.1\" of the payload is not a UUID");
}

TEST(ParticipantJoined, adds_the_user_once_and_waits_for_the_activity) {
  const Result result = run("participant_joined", "ParticipantJoined",
                            {{"activity_id", some_activity}, {"user_id", some_user}, {"role", "guest"}});
  ASSERT_EQ(result.outcome, "ok") << result.reason;
  ASSERT_EQ(result.changes.size(), 1U);
  const auto& change = result.changes[0];
  EXPECT_EQ(change.kind, "patch");
  EXPECT_EQ(change.collection, "activities");
  EXPECT_EQ(change.id, some_activity);
  EXPECT_TRUE(change.wait_until_exists);
  EXPECT_THAT(change.conditions,
              ElementsAre(Operation{"skip_if_contains", "participants.allowed_users", some_user}));
  EXPECT_THAT(change.operations, ElementsAre(Operation{"push", "participants.allowed_users", some_user},
                                             Operation{"inc", "participants.current_count", 1}));
}

TEST(ParticipantJoined, rejects_an_event_without_its_ids) {
  EXPECT_EQ(run("participant_joined", "ParticipantJoined", {{"activity_id", some_activity}}).reason,
            "the payload has no \"user_id\"");
  EXPECT_EQ(
      run("participant_joined", "ParticipantJoined", {{"activity_id", 7}, {"user_id", some_user}}).reason,
      "\"activity_id\" of the payload is not a UUID");
}

const json noon = {{"$date", "2026-11-21T08:06:32.584Z"}};

TEST(UserStatistics, counts_each_type_with_commutative_operations_alone) {
  const Result user = run("user_statistics", "UserCreated", user_payload());
  ASSERT_EQ(user.changes.size(), 1U);
  EXPECT_EQ(user.changes[0].collection, "statistics");
  EXPECT_EQ(user.changes[0].id, "global");
  EXPECT_FALSE(user.changes[0].wait_until_exists);
  EXPECT_THAT(user.changes[0].conditions, ElementsAre());
  EXPECT_THAT(user.changes[0].operations,
              ElementsAre(Operation{"inc", "users", 1}, Operation{"max", "last_event_at", noon}));

  EXPECT_THAT(run("user_statistics", "ActivityCreated", activity_payload()).changes.at(0).operations,
              ElementsAre(Operation{"inc", "activities", 1}, Operation{"inc", "by_type.cycling", 1},
                          Operation{"max", "last_event_at", noon}));
  EXPECT_THAT(run("user_statistics", "ParticipantJoined", json::object()).changes.at(0).operations,
              ElementsAre(Operation{"inc", "participations", 1}, Operation{"max", "last_event_at", noon}));
}

TEST(UserStatistics, leaves_the_types_out_when_asked_to) {
  EXPECT_THAT(run("user_statistics", "ActivityCreated", activity_payload(),
                  {{"per_type", "false"}, {"dates", "text"}})
                  .changes.at(0)
                  .operations,
              ElementsAre(Operation{"inc", "activities", 1},
                          Operation{"max", "last_event_at", "2026-11-21T08:06:32.584Z"}));
}

TEST(UserStatistics, rejects_what_it_has_no_total_for) {
  EXPECT_EQ(run("user_statistics", "UserDeleted", user_payload()).outcome, "rejected");
  json payload = activity_payload();
  for (const char* type : {"", "a.b", "$set"}) {
    payload["activity_type"] = type;
    EXPECT_EQ(run("user_statistics", "ActivityCreated", payload).outcome, "rejected") << type;
  }
}

}  // namespace
