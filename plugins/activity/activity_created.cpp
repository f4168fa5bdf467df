#include <array>

#include "handlers.hpp"

namespace activity {
namespace {

using enum Kind;
using enum Presence;

constexpr std::array coordinates{Field{"lat", number}, Field{"lng", number}};

constexpr std::array location{Field{"city", text}, Field{"name", text}, Field{"address", text},
                              Field{"coordinates", document, optional, coordinates}};

constexpr std::array schedule{Field{"recurring", boolean}, Field{"start_date", datetime, required},
                              Field{"duration_minutes", whole_number}};

constexpr std::array participants{Field{"allowed_users", uuids}, Field{"current_count", whole_number},
                                  Field{"max_participants", whole_number}};

// In the order in which PostgreSQL's jsonb has them: by length, then by letter.
constexpr std::array activity{Field{"title", text},
                              Field{"location", document, optional, location},
                              Field{"schedule", document, required, schedule},
                              Field{"created_at", datetime, required},
                              Field{"creator_id", uuid, required},
                              Field{"activity_id", uuid, required},
                              Field{"description", text},
                              Field{"participants", document, optional, participants},
                              Field{"activity_type", text, required}};

}  // namespace

void ActivityCreated::handle(const sluice::Event& event, sluice::Changes& changes) {
  const sluice::Payload payload = event.payload();
  copy_shaped(payload.view(), activity, dates_,
              changes.insert("activities", payload.require<sluice::Uuid>("activity_id")));
}

}  // namespace activity
