// The world of the protocol's simulation: logs of events, a store and a journal that survive crashes, and the
// account of what every document must hold in the end.
//
// An event makes handlers push a tag of their own ("a:0:17": handler, partition, position) to the field "ops"
// of documents and count it, so that a document tells what was applied to it, how often, and in which order.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/journal.hpp"
#include "memory/dead_letters.hpp"
#include "memory/store.hpp"

namespace sluice::engine::simulation {

// A rule of the protocol that a run leaves out, to show that the check notices.
enum class Broken : std::uint8_t {
  nothing,
  race_counts_as_applied,     // a doubtful outcome is taken for success without reading back
  group_checked_with_last,    // a group is guarded by its last sequence, not its first
  shares_by_event,            // shares divide events, not documents
  new_layout_starts_at_most,  // a new share layout starts at the furthest of the old ones
  key_without_handler,        // two handlers share one watermark
  no_guard,                   // nothing is checked
  newest_position_committed,  // what was read is committed, not what is settled
  letter_counts_too_early,    // a letter counts as durable before it is
  intents_forgotten,          // what a letter holds may still be applied after a crash
  replay_without_guard,       // a replay that is repeated applies again
  repeated_rows_apply,        // a row that is sent again counts as another event
  origins_forgotten,          // and over a restart nobody remembers what was sent
};

// What one run is made of; everything else follows from the seed.
struct Plan {
  std::uint64_t seed = 0;
  int partitions = 1;
  int events = 20;
  int documents = 3;
  bool two_handlers = true;
  // Instances that were replaced go on for a while. Then nothing expires, and no handler is upgraded: what a
  // zombie gives up and its successor applies is both applied and in a letter (docs/delivery.md, limits).
  bool zombies = true;
  // Change capture crashes now and then, and sends the newest rows again.
  bool repeats = false;
  Broken broken = Broken::nothing;
};

struct Effect {
  int document = 0;
  bool waits = false;     // until the document exists
  bool poisoned = false;  // the store refuses it, but for a replay: then it has been mended
};

struct LoggedEvent {
  Position position;
  Position first;  // where its row was sent first: what it is called in documents
  Origin origin;
  std::map<char, std::vector<Effect>> effects;  // by handler
  bool rejected = false;                        // its handlers refuse it until they are upgraded
};

class World {
 public:
  explicit World(const Plan& plan);

  const Plan plan;
  std::mt19937_64 random;
  std::vector<std::vector<LoggedEvent>> log;  // by partition
  std::string handlers;                       // "ab", in the order of their calls
  memory::MemoryStore store;
  memory::MemoryDeadLetters letters;
  bool upgraded = false;  // the handlers refuse nothing any more
  std::uint32_t shares = 1;
  Instant now{};

  [[nodiscard]] Timestamp wall() const {
    return Timestamp(std::chrono::duration_cast<microseconds>(now.time_since_epoch()));
  }
  [[nodiscard]] bool chance(double probability);
  [[nodiscard]] int below(int bound);
  [[nodiscard]] const LoggedEvent* find(int partition, Position position) const;
  // A document that is waited for and that nobody makes: made from outside.
  void make_all_documents();
  // What is wrong with the documents, if anything.
  [[nodiscard]] std::optional<std::string> check() const;

 private:
  void repeat_suffix(std::vector<LoggedEvent>& events, std::mt19937_64& random_repeats);
  [[nodiscard]] std::vector<std::string> tags(int document) const;
  [[nodiscard]] std::optional<std::string> check_document(int document) const;
  void inject_faults();

  std::mt19937_64 faults_;
};

[[nodiscard]] std::string tag(char handler, int partition, Position position);
[[nodiscard]] std::string document_name(int document);

}  // namespace sluice::engine::simulation
