// A made-up world whose history is a sequence of outbox events.
//
// It holds together at every point of its history: whoever creates or joins an activity exists already,
// whatever is joined exists already, and no one joins an activity twice. One plan gives one history, on every
// machine. Poison may be mixed in: events that every pipeline must refuse, and that nothing else depends on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/crowd.hpp"
#include "kit/mix.hpp"
#include "kit/poison.hpp"
#include "kit/random.hpp"
#include "kit/uuid.hpp"

namespace sluice::kit {

struct WorldPlan {
  std::uint64_t seed = 1;
  Quota quota;
  std::uint64_t poisoned = 0;        // events beside the quota
  std::vector<PoisonKind> poison{};  // in turn; what is heavy comes once
  double hot_keys = 0;               // the exponent of Zipf's law over the activities; 0: the usual crowd
  double duplicate_percent = 0;      // of the events, which a log brings a second time

  [[nodiscard]] std::uint64_t events() const noexcept { return quota.total() + poisoned; }
};

struct OutboxEvent {
  Uuid event_id;
  Uuid aggregate_id;
  std::string_view aggregate_type;
  std::string_view event_type;
  std::string_view payload;          // borrowed until the next event
  std::optional<PoisonKind> poison;  // why it must be refused
  bool redelivered = false;          // the same record comes again, as after a crash of the connector
};

// Not thread-safe. Constant memory.
class World {
 public:
  explicit World(WorldPlan plan);

  // The next event of the history; false at its end.
  [[nodiscard]] bool next(OutboxEvent& event);
  // What of the plan's quota is still to come.
  [[nodiscard]] const Quota& left() const noexcept { return left_; }

 private:
  enum class Kind { user, activity, participation, poison };

  [[nodiscard]] Kind choose_kind();
  void make_user(OutboxEvent& event);
  void make_activity(OutboxEvent& event);
  void make_participation(OutboxEvent& event);
  void make_poison(OutboxEvent& event);

  WorldPlan plan_;
  Random random_;
  Random redelivery_;  // of its own: it changes nothing else
  Quota left_;
  std::uint64_t poison_left_;
  std::size_t light_poison_;  // kinds at the beginning of the plan's that may come again and again
  std::uint64_t time_of_ids_;
  UuidFamily user_ids_;
  UuidFamily activity_ids_;
  std::uint64_t users_ = 0;
  std::uint64_t activities_ = 0;
  Crowd crowd_;
  std::string payload_;
};

}  // namespace sluice::kit
