#include "handlers.hpp"

namespace activity {

void UserStatistics::handle(const sluice::Event& event, sluice::Changes& changes) {
  sluice::Patch totals = changes.patch("statistics", "global");
  if (event.type() == "UserCreated") {
    totals.inc("users");
  } else if (event.type() == "ActivityCreated") {
    totals.inc("activities");
    if (per_type_) totals.inc(by_type_path(event.payload().require<std::string_view>("activity_type")));
  } else if (event.type() == "ParticipantJoined") {
    totals.inc("participations");
  } else {
    throw sluice::Reject("there is no total for events of the type \"" + std::string(event.type()) + '"');
  }
  if (const auto created = event.created()) {
    if (dates_ == Dates::date)
      totals.max("last_event_at", *created);
    else
      totals.max("last_event_at", sluice::Date(*created).text());
  }
}

// A type is a field's name here, so it must be able to be one.
std::string_view UserStatistics::by_type_path(std::string_view type) {
  const bool name = !type.empty() && type.front() != '$' && type.find('.') == std::string_view::npos;
  if (!name)
    throw sluice::Reject("the activity_type \"" + std::string(type) + "\" cannot be the name of a total");
  path_ = "by_type.";
  return path_ += type;
}

}  // namespace activity
