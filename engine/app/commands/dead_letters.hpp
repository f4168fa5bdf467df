// What the commands on dead letters share.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "app/commands/letter_filter.hpp"
#include "app/invocation.hpp"
#include "config/config.hpp"
#include "core/dead_letters.hpp"
#include "core/journal.hpp"
#include "core/store.hpp"

namespace sluice::engine {

struct DeadLetterOptions {
  std::string pipeline;
  LetterFilterOptions filter;
  bool all = false;
  bool dry_run = false;
  bool force = false;
};

// The standing letters of one pipeline that are meant, and what it takes to deal with them; opened.
struct LetterBox {
  const PipelineConfig& pipeline;
  Store* store;      // may be null
  Journal* journal;  // may be null
  std::vector<DeadLetter> letters;
};

// Calls `each` for every pipeline that has dead letters, until it returns false.
void for_each_box(const Config& config, const DeadLetterOptions& options,
                  const std::function<bool(const LetterBox&)>& each);

// Throws CommandFailed(usage) unless some letters, or --all, are named.
void require_choice(const DeadLetterOptions& options);

[[nodiscard]] ExitCode replay_dead_letters(const Invocation& invocation, const DeadLetterOptions& options);

[[nodiscard]] nlohmann::ordered_json unapplied_json(std::span<const Unapplied> changes);
[[nodiscard]] std::string describe(const Unapplied& change);

}  // namespace sluice::engine
