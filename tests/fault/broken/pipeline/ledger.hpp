// A ledger that is broken on purpose: it calls a position safe as soon as its record is begun, and so has it
// committed before anything was acknowledged. It takes the place of the pipeline's in `sluice-broken`, which
// the fault tests must catch.
#pragma once

#define Ledger HonestLedger
#include "../../../../engine/pipeline/ledger.hpp"
#undef Ledger

namespace sluice::engine {

class Ledger : public HonestLedger {
 public:
  using HonestLedger::HonestLedger;

  [[nodiscard]] Position safe() const noexcept { return next(); }
};

}  // namespace sluice::engine
