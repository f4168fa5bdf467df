// The options of commands on dead letters that say which ones are meant.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "replay/letters.hpp"

namespace sluice::engine {

struct LetterFilterOptions {
  std::vector<std::string> ids;
  std::vector<std::string> codes;
  std::vector<std::string> types;
  std::string since;
  std::string until;
  std::size_t limit = 0;  // 0: all

  [[nodiscard]] bool narrows() const noexcept {
    return !ids.empty() || !codes.empty() || !types.empty() || !since.empty() || !until.empty();
  }
  // Throws CommandFailed(usage) for a time or code that is none.
  [[nodiscard]] LetterFilter filter(Timestamp now) const;
};

void add_letter_filter(CLI::App& command, LetterFilterOptions& options);

}  // namespace sluice::engine
