// Reads the lines of a file that may grow, many at a time. Lines end with \n and nothing else.
//
// A line's place is the offset of its first byte. Incomplete lines are read again when there is more of them,
// so that the place of the next line is all there is to remember. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "file/blocks.hpp"

namespace sluice::engine::file {

// Complete lines, one after the other in a block: all but perhaps the last end with \n.
struct Lines {
  Block block;
  std::size_t size = 0;        // of the block's content
  std::int64_t offset = 0;     // of its first byte in the file
  std::int64_t line_size = 0;  // the whole size of the only line, where that exceeds the limit and the block

  [[nodiscard]] bool cut() const noexcept { return line_size != 0; }
};

class LineReader {
 public:
  // A line longer than the limit is handed out cut to it, and never held whole.
  LineReader(std::string path, std::size_t longest_line);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // Opens the file at its path; source.unavailable when it is not there, source.fatal when it is no file.
  [[nodiscard]] Result<void> open();
  [[nodiscard]] bool is_open() const noexcept { return descriptor_ != closed; }

  // The next line is the first that starts at this offset or after it.
  void start_at(std::int64_t offset);
  // Where the next line starts, as far as it is known.
  [[nodiscard]] std::int64_t next() const noexcept { return next_; }

  // The next lines; none at the end of the file as it is now. There a last line without \n counts only if
  // `at_end_too`.
  [[nodiscard]] Result<std::optional<Lines>> read(Blocks& blocks, bool at_end_too);

  // The line that holds the byte at the offset, from there on and cut to the limit; none beyond the end.
  [[nodiscard]] Result<std::optional<Lines>> line_at(std::int64_t offset, Blocks& blocks);

  [[nodiscard]] Result<std::int64_t> size() const;

  // Whether the path still names the file that is open and it has not become shorter than what was read:
  // source.recreated if not, source.unavailable while there is none.
  [[nodiscard]] Result<void> still_the_same() const;

 private:
  static constexpr int closed = -1;

  [[nodiscard]] Error failure(std::string_view what, Code code = Code::source_unavailable) const;
  [[nodiscard]] Result<std::size_t> read_at(std::int64_t offset, char* to, std::size_t size) const;
  struct LineEnd {
    std::int64_t size;  // of the line without its \n
    bool newline;       // else the file ends there
  };
  [[nodiscard]] Result<LineEnd> find_line_end(Blocks& blocks);
  [[nodiscard]] Result<bool> skip_to_line_start(Blocks& blocks);
  [[nodiscard]] Result<Lines> read_line(std::int64_t offset, std::int64_t line_size, Blocks& blocks) const;

  std::string path_;
  std::size_t longest_line_;
  int descriptor_ = closed;
  std::int64_t next_ = 0;
  std::int64_t searched_ = 0;  // so many bytes from next_ on hold no \n
  bool within_line_ = false;   // next_ is the last byte before the place to start at
};

}  // namespace sluice::engine::file
