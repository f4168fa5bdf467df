#include "kit/world.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "kit/payload.hpp"

namespace sluice::kit {
namespace {

constexpr std::uint64_t first_time_of_ids = 1'795'219'200'000;  // 2026-11-21, in milliseconds
constexpr std::uint64_t redelivery_seed = 0x7265'6465'6c69'7665;

bool is_light(PoisonKind kind) { return poison(kind).reach != PoisonReach::heavy; }

}  // namespace

World::World(WorldPlan plan)
    : plan_(std::move(plan)),
      random_(plan_.seed),
      redelivery_(plan_.seed ^ redelivery_seed),
      left_(plan_.quota),
      poison_left_(plan_.poisoned),
      light_poison_(static_cast<std::size_t>(std::ranges::count_if(plan_.poison, is_light))),
      time_of_ids_(first_time_of_ids),
      user_ids_(plan_.seed, 0),
      activity_ids_(plan_.seed, 1),
      crowd_(plan_.hot_keys) {
  if (poison_left_ > 0 && light_poison_ == 0)
    throw std::invalid_argument("a poisoned world needs kinds of poison");
  std::ranges::stable_partition(plan_.poison, is_light);
}

bool World::next(OutboxEvent& event) {
  if (left_.total() + poison_left_ == 0) return false;
  payload_.clear();
  event.event_id = ordered_uuid(random_, time_of_ids_++);
  event.poison.reset();
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
    case Kind::poison:
      make_poison(event);
      break;
  }
  event.payload = payload_;
  constexpr std::uint64_t whole = 1'000'000;
  event.redelivered =
      plan_.duplicate_percent > 0 &&
      redelivery_.below(whole) < static_cast<std::uint64_t>(plan_.duplicate_percent / 100 * whole);
  return true;
}

// Each kind as often as it is still due, so that a history ends with exactly its quota. A kind that the world
// is not ready for waits: then whatever makes it ready comes first.
World::Kind World::choose_kind() {
  const std::uint64_t chosen = random_.below(left_.total() + poison_left_);
  if (chosen < poison_left_) return Kind::poison;

  const std::uint64_t due = chosen - poison_left_;
  if (left_.users > 0 && (due < left_.users || users_ == 0)) return Kind::user;
  const bool participation = due >= left_.users + left_.activities;
  if (participation && crowd_.anyone_can_join(users_)) return Kind::participation;
  if (left_.activities > 0) return Kind::activity;
  return left_.users > 0 ? Kind::user : Kind::participation;
}

void World::make_user(OutboxEvent& event) {
  --left_.users;
  event.aggregate_id = user_ids_.at(users_++);
  event.aggregate_type = "user";
  event.event_type = "UserCreated";
  append_user(payload_, random_, event.aggregate_id);
}

void World::make_activity(OutboxEvent& event) {
  --left_.activities;
  crowd_.open(activities_, random_);
  event.aggregate_id = activity_ids_.at(activities_++);
  event.aggregate_type = "activity";
  event.event_type = "ActivityCreated";
  append_activity(payload_, random_, event.aggregate_id, user_ids_.at(random_.below(users_)));
}

void World::make_participation(OutboxEvent& event) {
  --left_.participants;
  const Crowd::Joining joining = crowd_.next(users_, random_);
  event.aggregate_id = activity_ids_.at(joining.activity);
  event.aggregate_type = "activity";
  event.event_type = "ParticipantJoined";
  append_participation(payload_, random_, event.aggregate_id, user_ids_.at(joining.user));
}

void World::make_poison(OutboxEvent& event) {
  const std::uint64_t turn = plan_.poisoned - poison_left_--;
  const PoisonKind kind = plan_.poison[turn < plan_.poison.size() ? turn : turn % light_poison_];
  event.poison = kind;
  event.aggregate_id = random_uuid(random_);
  event.aggregate_type = "user";
  event.event_type = append_poison(payload_, random_, kind, event.aggregate_id);
}

}  // namespace sluice::kit
