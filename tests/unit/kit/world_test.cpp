#include "kit/world.hpp"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace sluice::kit {
namespace {

struct Event {
  std::string id;
  std::string aggregate;
  std::string type;
  std::string payload;
  bool operator==(const Event&) const = default;
};

std::vector<Event> history(std::uint64_t seed, std::uint64_t events, const Mix& mix = {},
                           std::uint64_t spoiled = 0) {
  World world(seed, divide(events, mix), spoiled);
  std::vector<Event> all;
  OutboxEvent event;
  while (world.next(event))
    all.push_back({to_text(event.event_id), to_text(event.aggregate_id), std::string(event.event_type),
                   std::string(event.payload)});
  return all;
}

TEST(World, is_the_same_for_the_same_seed) {
  EXPECT_EQ(history(7, 2000), history(7, 2000));
  EXPECT_NE(history(7, 10), history(8, 10));
}

// A change here changes what every seed means: say so to those who keep figures of runs.
TEST(World, begins_the_same_on_every_machine) {
  const Event first = history(1, 100).front();
  EXPECT_EQ(first.id, "01a1fb67-1800-70c5-853b-559647364cea");
  EXPECT_EQ(first.payload.substr(0, 77),
            R"({"email": "ines.williams5517@post.example.com", "phone": "+1-555-9325", "addr)");
}

TEST(World, has_exactly_the_events_of_its_mix) {
  for (const Mix& mix : {Mix{50, 30, 20}, Mix{40, 30, 30}, Mix{5, 5, 90}, Mix{1, 0, 0}}) {
    const Quota quota = divide(5000, mix);
    std::map<std::string, std::uint64_t> counts;
    for (const Event& event : history(3, 5000, mix)) ++counts[event.type];
    EXPECT_EQ(counts["UserCreated"], quota.users);
    EXPECT_EQ(counts["ActivityCreated"], quota.activities);
    EXPECT_EQ(counts["ParticipantJoined"], quota.participants);
  }
}

TEST(World, refers_only_to_what_exists_already) {
  std::set<std::string> users;
  std::set<std::string> activities;
  std::set<std::pair<std::string, std::string>> joined;
  std::set<std::string> ids;
  for (const Event& event : history(5, 3000, {10, 10, 80})) {
    EXPECT_TRUE(ids.insert(event.id).second);
    const auto payload = nlohmann::json::parse(event.payload);
    if (event.type == "UserCreated") {
      EXPECT_EQ(payload.at("user_id"), event.aggregate);
      users.insert(event.aggregate);
    } else if (event.type == "ActivityCreated") {
      EXPECT_EQ(payload.at("activity_id"), event.aggregate);
      EXPECT_TRUE(users.contains(payload.at("creator_id")));
      activities.insert(event.aggregate);
    } else {
      EXPECT_TRUE(users.contains(payload.at("user_id")));
      EXPECT_TRUE(activities.contains(payload.at("activity_id")));
      EXPECT_TRUE(joined.emplace(payload.at("activity_id"), payload.at("user_id")).second);
    }
  }
}

TEST(World, fills_every_place_there_is) { EXPECT_EQ(history(9, 35, {5, 5, 25}).size(), 35U); }

TEST(World, has_payloads_of_the_reference_systems_shape) {
  bool seen_user = false;
  for (const Event& event : history(2, 10)) {
    if (event.type != "UserCreated") continue;
    seen_user = true;
    const auto user = nlohmann::json::parse(event.payload);
    EXPECT_EQ(user.size(), 10U);
    EXPECT_EQ(user.at("address").size(), 5U);
    EXPECT_TRUE(user.at("preferences").at("notifications_enabled").is_boolean());
    EXPECT_EQ(user.at("date_of_birth").get<std::string>().size(), 10U);
  }
  EXPECT_TRUE(seen_user);
}

TEST(World, mixes_in_spoiled_events_that_nothing_depends_on) {
  const std::vector<Event> all = history(4, 90, {}, 10);
  EXPECT_EQ(all.size(), 100U);
  std::map<std::string, int> kinds;
  for (const Event& event : all) {
    if (event.type == "UserTeleported")
      ++kinds["type"];
    else if (!nlohmann::json::accept(event.payload))
      ++kinds["cut off"];
    else if (event.payload.find("nobody_0") != std::string::npos)
      ++kinds["no id"];
  }
  EXPECT_EQ(kinds["type"] + kinds["cut off"] + kinds["no id"], 10);
  EXPECT_EQ(kinds.size(), 3U);
}

}  // namespace
}  // namespace sluice::kit
