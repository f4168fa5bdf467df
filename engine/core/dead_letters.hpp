// Dead letters: events that could not be applied, whole or in part, kept with their reason.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "core/record.hpp"

namespace sluice::engine {

// A change that was not applied; collection and document are empty when the handler never got that far.
struct Unapplied {
  std::string handler;  // the instance's name in the pipeline
  std::string collection;
  std::string document;  // the id as relaxed Extended JSON
  auto operator<=>(const Unapplied&) const = default;
};
// Names nothing: all changes of an event that failed before any was known.
inline const Unapplied whole_event{};

struct DeadLetter {
  std::string pipeline;
  // The record, as it came.
  std::string topic;
  std::int32_t partition = 0;
  Position position;
  int generation = 0;  // of the pipeline, when it failed
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  Timestamp timestamp{};
  // What went wrong.
  Code code = Code::internal;
  std::string reason;
  std::string event_id;              // empty if it could not be decoded
  std::string event_type;            // likewise
  std::vector<Unapplied> unapplied;  // none: whole_event
  Timestamp failed_at{};

  // "pipeline/topic/partition/position", and "@generation" unless that is 0: a letter that is written twice
  // is one letter.
  [[nodiscard]] std::string id() const;
};

// A letter that was written twice is one letter, in which everything is unapplied that either of them names:
// an instance with fewer handlers, or of another share, may have written after one with more. Where one names
// none and the other some, the list holds whole_event and those.
void add_unapplied(std::vector<Unapplied>& all, const std::vector<Unapplied>& more);

// One thread at a time.
class DeadLetters {
 public:
  virtual ~DeadLetters() = default;

  // Connects, makes what must be there. dead_letters.unavailable: try again later; anything else: never will.
  [[nodiscard]] virtual Result<void> open() = 0;

  // Durable when it returns without an error; on an error any part of it may have been written.
  [[nodiscard]] virtual Result<void> write(std::span<const DeadLetter> letters) = 0;

  // All letters, oldest first, each identity once, until `each` returns false: the last writing of it, with
  // what any left unapplied (add_unapplied()) and the latest failed_at: a process that was replaced may write
  // an older failure last.
  [[nodiscard]] virtual Result<void> read(const std::function<bool(const DeadLetter&)>& each) = 0;
};

}  // namespace sluice::engine
