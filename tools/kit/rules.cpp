#include "kit/rules.hpp"

#include <algorithm>
#include <array>

#include "kit/payload_law.hpp"

namespace sluice::kit {
namespace {

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool digit = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (dash ? text[i] != '-' : !digit) return false;
  }
  return true;
}

// The text of a member, or nothing if there is no such text.
const std::string* text_member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : found->get_ptr<const std::string*>();
}

const std::string* uuid_member(const Json& object, const char* name) {
  const std::string* text = text_member(object, name);
  return text != nullptr && is_uuid(*text) ? text : nullptr;
}

// Turns the text of a time into a date; false if it is no such text.
bool make_date(Json& object, const char* name) {
  const std::string* text = text_member(object, name);
  const std::optional<Micros> time = text == nullptr ? std::nullopt : parse_time(*text);
  if (time) object[name] = date(*time);
  return time.has_value();
}

// Whether stores take the names of the document's fields.
bool has_plain_names(const Json& document) {
  for (const auto& [name, value] : document.items())
    if (name.empty() || name.front() == '$' || name.find('.') != std::string::npos) return false;
  return true;
}

Meaning user_event(Json payload) {
  const std::string* id = uuid_member(payload, "user_id");
  if (id == nullptr || text_member(payload, "email") == nullptr || !make_date(payload, "created_at"))
    return RefusedEvent{"handler.rejected"};
  if (!has_plain_names(payload)) return RefusedEvent{"handler.invalid_change"};
  const bool forbidden = payload.contains("forbidden");
  return UserEvent{*id, std::move(payload), forbidden};
}

Meaning activity_event(Json payload) {
  const std::string* id = uuid_member(payload, "activity_id");
  const std::string* type = text_member(payload, "activity_type");
  if (id == nullptr || type == nullptr || uuid_member(payload, "creator_id") == nullptr ||
      !make_date(payload, "created_at") || !payload.contains("schedule") ||
      !make_date(payload["schedule"], "start_date"))
    return RefusedEvent{"handler.rejected"};
  return ActivityEvent{*id, *type, std::move(payload)};
}

Meaning participation_event(const Json& payload) {
  const std::string* activity = uuid_member(payload, "activity_id");
  const std::string* user = uuid_member(payload, "user_id");
  if (activity == nullptr || user == nullptr) return RefusedEvent{"handler.rejected"};
  return ParticipationEvent{*activity, *user};
}

}  // namespace

Json date(Micros time) { return {{"$date", to_milliseconds_text(time)}}; }

Meaning meaning_of(const EventRow& row) {
  if (row.event_type.empty()) return RefusedEvent{"decode.bad_field"};
  constexpr std::array known{"UserCreated", "ActivityCreated", "ParticipantJoined"};
  if (std::ranges::find(known, row.event_type) == known.end()) return RefusedEvent{"route.no_match"};
  if (auto code = unlawful(row.payload)) return RefusedEvent{*std::move(code)};
  Json payload = Json::parse(row.payload);
  if (!payload.is_object()) return RefusedEvent{"decode.bad_field"};
  if (row.event_type == "UserCreated") return user_event(std::move(payload));
  if (row.event_type == "ActivityCreated") return activity_event(std::move(payload));
  return participation_event(payload);
}

}  // namespace sluice::kit
