#include <array>

#include "handlers.hpp"

namespace activity {
namespace {

using enum Kind;
using enum Presence;

constexpr std::array address{Field{"city", text}, Field{"state", text}, Field{"street", text},
                             Field{"country", text}, Field{"zipcode", text}};

constexpr std::array preferences{Field{"language", text}, Field{"timezone", text},
                                 Field{"notifications_enabled", boolean}};

// In the order in which PostgreSQL's jsonb has them: by length, then by letter.
constexpr std::array user{Field{"email", text, required},
                          Field{"phone", text},
                          Field{"address", document, optional, address},
                          Field{"user_id", uuid, required},
                          Field{"username", text},
                          Field{"last_name", text},
                          Field{"created_at", datetime, required},
                          Field{"first_name", text},
                          Field{"preferences", document, optional, preferences},
                          Field{"date_of_birth", text}};

}  // namespace

void UserCreated::handle(const sluice::Event& event, sluice::Changes& changes) {
  const sluice::Payload payload = event.payload();
  copy_shaped(payload.view(), user, dates_,
              changes.insert("users", payload.require<sluice::Uuid>("user_id")));
}

}  // namespace activity
