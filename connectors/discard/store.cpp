#include "discard/store.hpp"

namespace sluice::engine::discard {
namespace {

class DiscardSession final : public StoreSession {
 public:
  Result<void> write(std::span<const Write>, std::span<WriteResult> results) override {
    for (WriteResult& result : results) result.outcome = Outcome::applied;
    return {};
  }
};

}  // namespace

Result<void> DiscardStore::prepare(std::span<const CollectionSpec>) { return {}; }

std::unique_ptr<StoreSession> DiscardStore::open_session() { return std::make_unique<DiscardSession>(); }

}  // namespace sluice::engine::discard
