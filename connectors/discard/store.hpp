// Says of every change that it was applied, and forgets it: for measuring what the engine itself costs.
#pragma once

#include "core/store.hpp"
#include "memory/journal.hpp"

namespace sluice::engine::discard {

// Any thread. Positions are kept in memory only, so a restart begins anew.
class DiscardStore final : public Store {
 public:
  Result<void> prepare(std::span<const CollectionSpec> collections) override;
  std::unique_ptr<StoreSession> open_session() override;
  unsigned max_sessions() const noexcept override { return 64; }
  Journal& journal() noexcept override { return journal_; }

 private:
  memory::MemoryJournal journal_;
};

}  // namespace sluice::engine::discard
