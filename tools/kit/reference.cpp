#include "kit/reference.hpp"

#include <algorithm>
#include <unordered_set>

namespace sluice::kit {
namespace {

// Everybody who joined after those whom the activity began with; each once.
void add_participants(Json& activity, std::span<const Reference::Joining> joinings) {
  if (joinings.empty()) return;
  Json& participants = activity["participants"];
  Json& allowed = participants["allowed_users"];
  std::int64_t count = participants.value("current_count", std::int64_t{0});
  for (const Reference::Joining& joining : joinings) {
    if (std::ranges::find(allowed, Json(joining.user)) != allowed.end()) continue;
    allowed.push_back(joining.user);
    ++count;
  }
  participants["current_count"] = count;
}

// The same event as another, where nothing tells that it is the same (docs/delivery.md), makes the same
// document once more, and that is a conflict. Totals have counted it again.
ReferenceSummary::Refusal refusal_of_duplicate(const EventRow& row) {
  return {"store.conflict", row.position};
}

}  // namespace

Json ReferenceSummary::statistics() const {
  Json document = {{"users", users}, {"activities", activities}, {"participations", participations}};
  for (const auto& [type, count] : activities_by_type) document["by_type"][type] = count;
  if (last_event_at) document["last_event_at"] = date(*last_event_at);
  // A total that nothing was ever added to is not there.
  for (const char* total : {"users", "activities", "participations"})
    if (document[total] == 0) document.erase(total);
  return document;
}

Reference::Reference(std::unique_ptr<EventSource> events) : events_(std::move(events)) {}

std::span<const Reference::Joining> Reference::joinings(const std::string& activity) const {
  const auto found = joinings_.find(activity);
  return found == joinings_.end() ? std::span<const Joining>{} : found->second;
}

ReferenceSummary Reference::run(const Visit& document) {
  read_joinings();
  ReferenceSummary summary;
  std::unordered_set<std::string> joined_activities;

  const auto rows = events_->rows();
  std::string event_before;
  EventRow row;
  while (rows->next(row)) {
    ++summary.events;
    Meaning meaning = meaning_of(row);
    const bool again = row.event_id == event_before;
    event_before = row.event_id;
    if (const auto* refused = std::get_if<RefusedEvent>(&meaning)) {
      summary.dead_letters.emplace(row.event_id, ReferenceSummary::Refusal{refused->code, row.position});
      continue;
    }
    if (auto* user = std::get_if<UserEvent>(&meaning)) {
      ++summary.users;
      if (again)
        summary.dead_letters.emplace(row.event_id, refusal_of_duplicate(row));
      else if (user->forbidden)
        summary.dead_letters.emplace(row.event_id, ReferenceSummary::Refusal{"store.refused", row.position});
      else
        document("users", user->user, user->document);
    } else if (auto* activity = std::get_if<ActivityEvent>(&meaning)) {
      ++summary.activities;
      ++summary.activities_by_type[activity->type];
      if (again) {
        summary.dead_letters.emplace(row.event_id, refusal_of_duplicate(row));
        continue;
      }
      if (const auto joinings_of_it = joinings(activity->activity); !joinings_of_it.empty()) {
        add_participants(activity->document, joinings_of_it);
        joined_activities.insert(activity->activity);
      }
      document("activities", activity->activity, activity->document);
    } else {
      ++summary.participations;
    }
    summary.last_event_at = std::max(summary.last_event_at, parse_time(row.created_at));
  }

  // Who joined what never came to be waited in vain; the statistics had counted the event all the same.
  for (const auto& [activity, joinings_of_it] : joinings_)
    if (!joined_activities.contains(activity))
      for (const Joining& joining : joinings_of_it)
        summary.dead_letters.emplace(joining.event_id,
                                     ReferenceSummary::Refusal{"wait.expired", joining.position});
  return summary;
}

void Reference::read_joinings() {
  joinings_.clear();
  const auto rows = events_->rows("ParticipantJoined");
  EventRow row;
  while (rows->next(row)) {
    Meaning meaning = meaning_of(row);
    if (auto* joined = std::get_if<ParticipationEvent>(&meaning))
      joinings_[joined->activity].push_back(
          {std::move(joined->user), std::string(row.event_id), row.position});
  }
}

}  // namespace sluice::kit
