#include "handlers.hpp"

namespace activity {

void ParticipantJoined::handle(const sluice::Event& event, sluice::Changes& changes) {
  const sluice::Payload payload = event.payload();
  const auto activity = payload.require<sluice::Uuid>("activity_id");
  const auto user = payload.require<sluice::Uuid>("user_id");
  changes.patch("activities", activity)
      .wait_until_exists()
      .skip_if_contains("participants.allowed_users", user)
      .push("participants.allowed_users", user)
      .inc("participants.current_count", 1);
}

}  // namespace activity
