// A made-up world whose history is a sequence of outbox events.
//
// It holds together at every point of its history: whoever creates or joins an activity exists already,
// whatever is joined exists already, and no one joins an activity twice. One seed and quota give one history,
// on every machine. Spoiled events may be mixed in: records that every pipeline must refuse, and that nothing
// else depends on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "kit/mix.hpp"
#include "kit/random.hpp"
#include "kit/uuid.hpp"

namespace sluice::kit {

struct OutboxEvent {
  Uuid event_id;
  Uuid aggregate_id;
  std::string_view aggregate_type;
  std::string_view event_type;
  std::string_view payload;  // borrowed until the next event
};

// Not thread-safe. Memory: 16 bytes for each user and activity, and a set of who joined what.
class World {
 public:
  World(std::uint64_t seed, const Quota& quota, std::uint64_t spoiled = 0);

  // The next event of the history; false at its end.
  [[nodiscard]] bool next(OutboxEvent& event);

 private:
  enum class Kind { user, activity, participation, spoiled };

  [[nodiscard]] Kind choose_kind();
  [[nodiscard]] bool someone_can_join() const;
  void make_user(OutboxEvent& event);
  void make_activity(OutboxEvent& event);
  void make_participation(OutboxEvent& event);
  void make_spoiled(OutboxEvent& event);

  Random random_;
  Quota left_;
  std::uint64_t spoiled_left_;
  std::uint64_t time_of_ids_;
  std::vector<Uuid> users_;
  std::vector<Uuid> activities_;
  std::unordered_set<std::uint64_t> joined_;  // index of the activity << 32 | index of the user
  std::string payload_;
};

}  // namespace sluice::kit
