#include "kit/world.hpp"

#include "kit/payload.hpp"

namespace sluice::kit {
namespace {

constexpr std::uint64_t first_time_of_ids = 1'795'219'200'000;  // 2026-11-21, in milliseconds

}  // namespace

World::World(std::uint64_t seed, const Quota& quota, std::uint64_t spoiled)
    : random_(seed), left_(quota), spoiled_left_(spoiled), time_of_ids_(first_time_of_ids) {
  users_.reserve(quota.users);
  activities_.reserve(quota.activities);
  joined_.reserve(quota.participants);
}

bool World::next(OutboxEvent& event) {
  if (left_.total() + spoiled_left_ == 0) return false;
  payload_.clear();
  event.event_id = ordered_uuid(random_, time_of_ids_++);
  switch (choose_kind()) {
    case Kind::user:
      make_user(event);
      break;
    case Kind::activity:
      make_activity(event);
      break;
    case Kind::participation:
      make_participation(event);
      break;
    case Kind::spoiled:
      make_spoiled(event);
      break;
  }
  event.payload = payload_;
  return true;
}

bool World::someone_can_join() const { return joined_.size() < users_.size() * activities_.size(); }

// Each kind as often as it is still due, so that a history ends with exactly its quota. A kind that the world
// is not ready for waits: then whatever makes it ready comes first.
World::Kind World::choose_kind() {
  const std::uint64_t chosen = random_.below(left_.total() + spoiled_left_);
  if (chosen < spoiled_left_) return Kind::spoiled;

  const std::uint64_t due = chosen - spoiled_left_;
  if (due < left_.users || users_.empty()) return Kind::user;
  const bool participation = due >= left_.users + left_.activities;
  if (participation && someone_can_join()) return Kind::participation;
  if (left_.activities > 0) return Kind::activity;
  return left_.users > 0 ? Kind::user : Kind::participation;
}

void World::make_user(OutboxEvent& event) {
  --left_.users;
  const Uuid user = users_.emplace_back(random_uuid(random_));
  event.aggregate_id = user;
  event.aggregate_type = "user";
  event.event_type = "UserCreated";
  append_user(payload_, random_, user);
}

void World::make_activity(OutboxEvent& event) {
  --left_.activities;
  const Uuid activity = activities_.emplace_back(random_uuid(random_));
  event.aggregate_id = activity;
  event.aggregate_type = "activity";
  event.event_type = "ActivityCreated";
  append_activity(payload_, random_, activity, random_.pick(users_));
}

void World::make_participation(OutboxEvent& event) {
  --left_.participants;
  // Some activities are popular; when those are full, everyone goes anywhere.
  constexpr int tries_for_a_popular_one = 8;
  std::uint64_t activity = 0;
  std::uint64_t user = 0;
  int tries = 0;
  do {
    activity = tries++ < tries_for_a_popular_one ? random_.skewed_below(activities_.size())
                                                 : random_.below(activities_.size());
    user = random_.below(users_.size());
  } while (!joined_.insert(activity << 32U | user).second);

  event.aggregate_id = activities_[activity];
  event.aggregate_type = "activity";
  event.event_type = "ParticipantJoined";
  append_participation(payload_, random_, activities_[activity], users_[user]);
}

void World::make_spoiled(OutboxEvent& event) {
  const Uuid user = random_uuid(random_);
  event.aggregate_id = user;
  event.aggregate_type = "user";
  event.event_type = "UserCreated";
  switch (spoiled_left_-- % 3) {
    case 0:  // a type that nobody knows
      event.event_type = "UserTeleported";
      append_user(payload_, random_, user);
      break;
    case 1:  // a payload that is cut off
      append_user(payload_, random_, user);
      payload_.resize(payload_.size() / 2);
      break;
    default:  // a user without an id
      payload_ = R"({"email": "nobody@example.org", "username": "nobody_0"})";
  }
}

}  // namespace sluice::kit
