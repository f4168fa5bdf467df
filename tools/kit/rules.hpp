// What an event means, by the reference system's rules (docs/writing_a_plugin.md tells the same as code
// of the activity plugin). Written apart from the engine and the plugin on purpose: when both agree, it is
// not by sharing a mistake.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "kit/event_rows.hpp"
#include "kit/time.hpp"

namespace sluice::kit {

using Json = nlohmann::json;

struct UserEvent {
  std::string user;
  Json document;
  bool forbidden = false;  // a validator of the store refuses the document; the totals count it all the same
};

struct ActivityEvent {
  std::string activity;
  std::string type;
  Json document;
};

struct ParticipationEvent {
  std::string activity;
  std::string user;
};

// An event that no handler may touch: it belongs to the dead letters.
struct RefusedEvent {
  std::string code;  // "handler.rejected", as docs/errors.md lists them
};

using Meaning = std::variant<UserEvent, ActivityEvent, ParticipationEvent, RefusedEvent>;

[[nodiscard]] Meaning meaning_of(const EventRow& row);

// {"$date": "2026-11-21T08:06:32.584Z"}: a date as documents show it.
[[nodiscard]] Json date(Micros time);

}  // namespace sluice::kit
