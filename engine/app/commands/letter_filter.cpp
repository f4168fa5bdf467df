#include "app/commands/letter_filter.hpp"

#include <algorithm>

#include "app/command_failed.hpp"
#include "core/options.hpp"

namespace sluice::engine {
namespace {

// A time, or a duration before now.
std::optional<Timestamp> time_of(const std::string& text, Timestamp now, const char* option) {
  if (text.empty()) return std::nullopt;
  if (const auto time = parse_timestamp(text)) return time;
  if (const auto ago = parse_duration(text)) return now - *ago;
  throw CommandFailed(ExitCode::usage, std::string(option) +
                                           " takes a time such as 2026-11-21T09:00:00Z, or how "
                                           "long ago, such as 2h; not \"" +
                                           text + '"');
}

void check_code(const std::string& code) {
  const bool known = std::ranges::any_of(all_codes(), [&](const CodeInfo& info) {
    return info.text == code || info.text.substr(0, info.text.find('.')) == code;
  });
  if (known) return;
  throw CommandFailed(
      ExitCode::usage,
      "there is no code \"" + code + "\"; codes are such as handler.rejected, or handler for all of them");
}

}  // namespace

LetterFilter LetterFilterOptions::filter(Timestamp now) const {
  std::ranges::for_each(codes, check_code);
  LetterFilter filter;
  filter.ids.insert(ids.begin(), ids.end());
  filter.codes.insert(codes.begin(), codes.end());
  filter.types.insert(types.begin(), types.end());
  filter.since = time_of(since, now, "--since");
  filter.until = time_of(until, now, "--until");
  return filter;
}

void add_letter_filter(CLI::App& command, LetterFilterOptions& options) {
  command.add_option("--id,id", options.ids, "These letters: PIPELINE/TOPIC/PARTITION/POSITION")
      ->type_name("ID");
  command
      .add_option("--code", options.codes,
                  "With this code, or of this family: handler.rejected, handler, decode")
      ->type_name("CODE")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--type", options.types, "Of this event type")
      ->type_name("TYPE")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      .add_option("--since", options.since, "That failed at this time or later, or at most so long ago: 2h")
      ->type_name("TIME");
  command.add_option("--until", options.until, "That failed before this time")->type_name("TIME");
  command.add_option("--limit", options.limit, "No more than so many, the oldest first")->type_name("N");
}

}  // namespace sluice::engine
