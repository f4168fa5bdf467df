#include "kit/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
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

std::vector<Event> history(WorldPlan plan) {
  World world(std::move(plan));
  std::vector<Event> all;
  OutboxEvent event;
  while (world.next(event))
    all.push_back({to_text(event.event_id), to_text(event.aggregate_id), std::string(event.event_type),
                   std::string(event.payload)});
  return all;
}

std::vector<Event> history(std::uint64_t seed, std::uint64_t events, const Mix& mix = {}) {
  WorldPlan plan;
  plan.seed = seed;
  plan.quota = divide(events, mix);
  return history(plan);
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
            R"({"email": "hannah.santos3812@example.org", "phone": "+1-555-8671", "address":)");
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

TEST(World, mixes_in_every_kind_of_poison_in_turn) {
  WorldPlan plan;
  plan.quota = divide(960, {});
  plan.poisoned = 40;
  plan.poison = poison_within(PoisonReach::heavy);
  World world(plan);
  std::map<PoisonKind, int> kinds;
  OutboxEvent event;
  while (world.next(event))
    if (event.poison) ++kinds[*event.poison];
  ASSERT_EQ(kinds.size(), poison_within(PoisonReach::heavy).size());
  for (const auto& [kind, count] : kinds) {
    if (poison(kind).reach == PoisonReach::heavy)
      EXPECT_EQ(count, 1) << poison(kind).name;
    else
      EXPECT_GE(count, 2) << poison(kind).name;
  }
}

// How often the most popular activity is joined, of all participations.
double share_of_the_hottest(double hot_keys) {
  WorldPlan plan;
  plan.quota = divide(20'000, {50, 5, 45});
  plan.hot_keys = hot_keys;
  std::map<std::string, int> joined;
  for (const Event& event : history(plan))
    if (event.type == "ParticipantJoined") ++joined[event.aggregate];
  int most = 0;
  for (const auto& [activity, count] : joined) most = std::max(most, count);
  return most / 9'000.0;
}

TEST(World, has_hot_keys_when_asked_to) {
  EXPECT_GT(share_of_the_hottest(1), 0.1);
  EXPECT_GT(share_of_the_hottest(1.5), 2 * share_of_the_hottest(0));
}

TEST(Zipf, draws_ranks_in_proportion_to_their_weights) {
  const Zipf zipf(1, 1000);
  Random random(1);
  std::array<int, 10> drawn{};
  constexpr int draws = 100'000;
  for (int i = 0; i < draws; ++i) ++drawn[zipf.draw(random, drawn.size())];
  constexpr double harmonic = 2.9289682;  // 1 + 1/2 + … + 1/10
  for (std::size_t rank = 0; rank < drawn.size(); ++rank)
    EXPECT_NEAR(drawn[rank], draws / harmonic / static_cast<double>(rank + 1), 700) << rank;
}

TEST(Crowd, forgets_old_activities_when_too_many_are_open) {
  Random random(1);
  Crowd crowd(0);
  for (std::uint64_t activity = 0; activity < 2 * most_open_activities; ++activity)
    crowd.open(activity, random);
  EXPECT_TRUE(crowd.anyone_can_join(1));
  for (std::size_t i = 0; i < most_open_activities; ++i) EXPECT_EQ(crowd.next(1, random).user, 0U);
  EXPECT_FALSE(crowd.anyone_can_join(1));
  EXPECT_TRUE(crowd.anyone_can_join(2));
}

}  // namespace
}  // namespace sluice::kit
