// What a writer hands to a store, and what the store answers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "core/change.hpp"
#include "core/sequence.hpp"

namespace sluice::engine {

// The one vocabulary for how a change ended.
enum class Outcome : std::uint8_t {
  applied,          // durable
  already_applied,  // the watermark says so; nothing was written
  skipped,          // a skip condition held; the watermark has moved, so that it stays skipped
  waiting,          // what it needs is not there yet; nothing was written
  retry,            // not applied, or unknown; try again
  rejected,         // the change can never be applied; nothing was written
  fatal,            // the store can never work as configured; nothing was written
};

[[nodiscard]] constexpr std::string_view to_text(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::applied:
      return "applied";
    case Outcome::already_applied:
      return "already_applied";
    case Outcome::skipped:
      return "skipped";
    case Outcome::waiting:
      return "waiting";
    case Outcome::retry:
      return "retry";
    case Outcome::rejected:
      return "rejected";
    case Outcome::fatal:
      return "fatal";
  }
  return "";
}

// A change with its guard, one atomic operation: check the guard, apply, move the guard.
//
// The watermark guard: the document keeps the last sequence under `watermark_key`; the change is applied only
// if that is below `first`, and leaves `last`. A single change has first == last; a coalesced group is
// checked with its first and leaves its last, and its answer is for the group.
//
// The replay guard (replay_id not empty): a dead letter that is applied again is applied once, as the
// document keeps the ids of letters replayed on it. Watermarks neither guard nor move. With refuse_if_newer
// set, a change that overwrites is rejected when the watermark under the key exceeds `last`.
struct Write {
  Change change;
  std::string_view watermark_key;  // core/watermark_key.hpp
  Sequence first;
  Sequence last;
  std::string_view replay_id;
  bool refuse_if_newer = false;
};

struct WriteResult {
  Outcome outcome = Outcome::retry;
  Code code = Code::store_unavailable;  // meaningful unless applied, already_applied or skipped
  std::string reason;                   // for people; empty where the outcome says it all
};

}  // namespace sluice::engine
