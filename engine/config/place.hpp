// Where something stands in a configuration file, and what is wrong with it, written for the person who
// reads. Values; any thread.
#pragma once

#include <memory>
#include <span>
#include <string>

namespace sluice::engine {

class SourceFile;

// Keeps the file's text alive, so that an error found later (when plugins are loaded) can still quote its
// line.
struct Place {
  std::shared_ptr<const SourceFile> file;  // none: nowhere
  int line = 0;                            // from 1
  int column = 0;                          // from 1, in characters
  int length = 0;                          // of what stands there, in characters of its first line

  [[nodiscard]] bool known() const noexcept { return file != nullptr; }
  [[nodiscard]] const std::string& path() const noexcept;  // as it was given; empty: nowhere
};

struct Problem {
  Place place;
  std::string message;  // what is wrong and what would be right; never holds a secret
};

// "configs/activity.yaml:12:7"; without line where the file as a whole is meant.
[[nodiscard]] std::string to_text(const Place& place);

// The place, the message, the line with a caret below; secrets of the line are masked:
//
//   configs/activity.yaml:12:5: pipelines.activity has no key "bacth"; did you mean "batch"?
//      12 |     bacth: { events: 10 }
//         |     ^~~~~
[[nodiscard]] std::string to_text(const Problem& problem);

// All of them, with an empty line between two.
[[nodiscard]] std::string to_text(std::span<const Problem> problems);

}  // namespace sluice::engine
