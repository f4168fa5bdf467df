// Keeps for each aggregate the ids of its events in the order in which they were applied: what was lost,
// doubled or overtaken shows there.
#include "sluice/plugin.hpp"

namespace {

class Seen final : public sluice::Handler {
 public:
  explicit Seen(const sluice::Options&) {}

  void handle(const sluice::Event& event, sluice::Changes& changes) override {
    changes.patch("seen", event.aggregate_id()).push("events", event.id());
  }
};

}  // namespace

SLUICE_PLUGIN("seen", "1.0.0",
              sluice::handler<Seen>("event").on("UserCreated").on("ActivityCreated").on("ParticipantJoined"))
