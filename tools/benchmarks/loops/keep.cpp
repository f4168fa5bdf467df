// The least that a handler can do: the payload becomes a document as it came, as the loops keep it. What the
// engine costs beside a loop that does the same work shows with it.
#include "sluice/plugin.hpp"

namespace {

class Keep final : public sluice::Handler {
 public:
  void handle(const sluice::Event& event, sluice::Changes& changes) override {
    const sluice::Payload payload = event.payload();
    const bool user = event.type() == "UserCreated";
    changes.insert("documents", payload.require<sluice::Uuid>(user ? "user_id" : "activity_id"),
                   payload.view());
  }
};

}  // namespace

SLUICE_PLUGIN(
    "keep", "1.0.0",
    sluice::handler<Keep>("document").on("UserCreated", "ActivityCreated").help("keeps the payload"))
