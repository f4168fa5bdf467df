// The dead letters of a pipeline that still stand: neither replayed nor discarded.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/dead_letters.hpp"
#include "core/journal.hpp"

namespace sluice::engine {

// Every part that is given must hold; a part with several values holds if one of them does.
struct LetterFilter {
  std::set<std::string, std::less<>> ids;
  std::set<std::string, std::less<>> codes;  // "handler.rejected", or "handler" for all of that family
  std::set<std::string, std::less<>> types;
  std::optional<Timestamp> since;  // failed then or later
  std::optional<Timestamp> until;  // failed before

  [[nodiscard]] bool matches(const DeadLetter& letter) const;
};

// Calls `each` for the standing letters of a pipeline's generation that match, oldest first, until it returns
// false; each with what of it still is to be applied. The
// journal may be null: then nothing is known of what was replayed or discarded. `each` may use the journal,
// but not the letters.
[[nodiscard]] Result<void> standing_letters(DeadLetters& letters, Journal* journal, std::string_view pipeline,
                                            int generation, const LetterFilter& filter,
                                            const std::function<bool(const DeadLetter&)>& each);

}  // namespace sluice::engine
