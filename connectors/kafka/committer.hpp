// Sends positions to the group and learns what became of them, without blocking or within a bound. The
// reader's thread only.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "kafka/assignment.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

constexpr milliseconds commit_bound{5'000};  // for the answers, where partitions go

class Committer {
 public:
  explicit Committer(Client client);

  // Asks for what is safe and was not asked for before. False: there is nothing of that kind.
  bool send(Assignment& assignment);
  // Takes the answers that are there, or that come within the time while any is missing.
  void collect(Assignment& assignment, milliseconds at_most = milliseconds(0));
  // Why the last answer was no; nothing if it was yes.
  [[nodiscard]] const std::optional<Error>& trouble() const noexcept { return trouble_; }

 private:
  void take(rd_kafka_event_t* answer, Assignment& assignment);

  Client client_;
  Queue answers_;
  unsigned missing_ = 0;
  std::optional<Error> trouble_;
};

}  // namespace sluice::engine::kafka
