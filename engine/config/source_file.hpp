// The text of one configuration file, its lines, and which of its values nobody may see.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/place.hpp"
#include "config/redact.hpp"

namespace sluice::engine {

class SourceFile {
 public:
  SourceFile(std::filesystem::path path, std::string text);

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  // Absolute: what paths in the file are relative to.
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
  // From 1; empty beyond the end.
  [[nodiscard]] std::string_view line(int number) const noexcept;

  // Whether the quote that stands here is closed; true where none stands. (yaml-cpp 0.7 takes an open one.)
  [[nodiscard]] bool closes(const Place& place) const noexcept;

  // The scalar that begins at this place, and reads so, is never quoted from now on, or is again.
  void hide(const Place& place, std::string_view written);
  void reveal(const Place& place);

  // No line of it is quoted.
  void hide_all() { quotable_ = false; }

  // The line as it may be shown with a mark below the place: secrets masked, control characters replaced, cut
  // to a window when it is long. Both empty when nothing may be shown.
  struct Quote {
    std::string line;
    std::string mark;
  };
  [[nodiscard]] Quote quote(const Place& place) const;

 private:
  [[nodiscard]] std::vector<config::ByteRange> hidden_ranges(int number) const;
  [[nodiscard]] int last_line_of(const Place& place, std::string_view written) const;

  std::string path_;
  std::filesystem::path folder_;
  std::string text_;
  std::vector<std::string_view> lines_;
  // By where they begin: the end of a scalar's part on its first line, and its last line.
  struct Extent {
    std::size_t end;
    int last_line;
  };
  std::map<std::pair<int, int>, Extent> hidden_;
  bool quotable_ = true;
};

// Characters of UTF-8.
[[nodiscard]] int characters(std::string_view text) noexcept;
// The byte at which the character of this column (from 1) begins.
[[nodiscard]] std::size_t byte_of_column(std::string_view line, int column) noexcept;

// Where a scalar that begins at this byte of a line ends on it; `text` is its value. To the end of the line
// if it goes on below.
[[nodiscard]] std::size_t end_of_scalar(std::string_view line, std::size_t begin,
                                        std::string_view text) noexcept;

}  // namespace sluice::engine
