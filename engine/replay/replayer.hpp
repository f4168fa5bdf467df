// Applies dead letters again: the event is decoded and handled as it was, and of the changes it asks for
// those are written that the letter lists as not applied, or all where it failed before any.
//
// Each write is guarded by the letter's identity in the document, so that a replay may be interrupted and
// repeated: what was done is found done. A change that overwrites is refused where newer events have changed
// the document, unless forced. Sinks are delivered to at least once. The letter is recorded as replayed only
// after all of it is durable.
//
// A letter whose event the pipeline has not passed for good is refused: after a crash it would be handled
// again, beside its replay. One thread at a time. The pipeline may be running meanwhile, here or elsewhere.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "core/dead_letters.hpp"
#include "core/handler.hpp"
#include "core/journal.hpp"
#include "core/store.hpp"

namespace sluice::engine {

// What a route sends an event to. Borrowed.
struct ReplayTargets {
  struct NamedHandler {
    std::string_view name;
    Handler* handler;
  };
  struct NamedSink {
    std::string_view name;
    Sink* sink;
  };
  std::vector<NamedHandler> handlers;
  std::vector<NamedSink> sinks;
};

// All borrowed.
struct ReplayParts {
  std::string pipeline;
  int generation = 0;
  Share share;
  Decoder* decoder = nullptr;
  std::function<ReplayTargets(std::string_view type)> route;
  // From a logical name to the store's, or why the store has none for it. Null: unchanged.
  std::function<Result<std::string>(std::string_view)> store_collection;
  StoreSession* store = nullptr;  // null: the pipeline has none
  Journal* journal = nullptr;
};

struct ReplayOptions {
  bool force = false;    // overwrite what newer events have changed
  bool dry_run = false;  // say what would be written, write nothing
};

enum class ReplayOutcome : std::uint8_t {
  replayed,     // all of it is applied and the letter is recorded as replayed; in a dry run: would be tried
  failed,       // it cannot be applied as things are: the letter stays
  unavailable,  // store, sink or journal cannot be reached: the letter stays, and trying others has no sense
};

struct ReplayReport {
  ReplayOutcome outcome;
  Code code = Code::internal;  // meaningful unless replayed
  std::string reason;
  std::vector<Unapplied> changes;  // what was, or in a dry run would be, applied
};

class Replayer {
 public:
  Replayer(ReplayParts parts, ReplayOptions options);

  [[nodiscard]] ReplayReport replay(const DeadLetter& letter);

 private:
  struct Plan;

  [[nodiscard]] Result<void> check_passed(const DeadLetter& letter);
  [[nodiscard]] Result<void> plan_changes(const DeadLetter& letter, Plan& plan);
  [[nodiscard]] Result<void> plan_handler(const DeadLetter& letter,
                                          const ReplayTargets::NamedHandler& handler, Plan& plan);
  [[nodiscard]] Result<void> write_one(const DeadLetter& letter, const Plan& plan, std::size_t change);
  [[nodiscard]] Result<void> deliver(const Plan& plan);
  [[nodiscard]] Result<void> record(const DeadLetter& letter, const Plan& plan);

  ReplayParts parts_;
  ReplayOptions options_;
};

}  // namespace sluice::engine
