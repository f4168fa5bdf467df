#include "file/line_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sluice::engine::file {

LineReader::LineReader(std::string path, std::size_t longest_line)
    : path_(std::move(path)), longest_line_(longest_line) {}

LineReader::~LineReader() {
  if (is_open()) ::close(descriptor_);
}

Result<void> LineReader::open() {
  if (is_open()) return {};
  const int descriptor = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor == closed) return failure("cannot be opened");
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return Error{Code::source_fatal, path_ +
                                         " is not a file: positions are offsets in a file, so pipes, folders "
                                         "and devices cannot be read"};
  }
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  descriptor_ = descriptor;
  return {};
}

void LineReader::start_at(std::int64_t offset) {
  // The byte before tells whether a line starts at the offset.
  within_line_ = offset > 0;
  next_ = within_line_ ? offset - 1 : 0;
  searched_ = 0;
}

Result<std::optional<Lines>> LineReader::read(Blocks& blocks, bool at_end_too) {
  using None = std::optional<Lines>;
  if (within_line_) {
    Result<bool> at_start = skip_to_line_start(blocks);
    if (!at_start) return at_start.error();
    if (!*at_start) return None{};
  }
  if (searched_ == 0) {
    Lines lines{.block = blocks.take(Blocks::usual), .offset = next_};
    Result<std::size_t> size = read_at(next_, lines.block.bytes.get(), lines.block.capacity);
    if (!size) return size.error();
    const void* newline = ::memrchr(lines.block.bytes.get(), '\n', *size);
    if (newline != nullptr) {
      lines.size = static_cast<std::size_t>(static_cast<const char*>(newline) - lines.block.bytes.get()) + 1;
      next_ += static_cast<std::int64_t>(lines.size);
      return std::optional(std::move(lines));
    }
    searched_ = static_cast<std::int64_t>(*size);
    blocks.give_back(std::move(lines.block));
  }
  // One line that is longer than a block, or not complete.
  Result<LineEnd> end = find_line_end(blocks);
  if (!end) return end.error();
  if (!end->newline && (end->size == 0 || !at_end_too)) return None{};
  Result<Lines> line = read_line(next_, end->size, blocks);
  if (!line) return line.error();
  next_ += end->size + (end->newline ? 1 : 0);
  searched_ = 0;
  return std::optional(std::move(*line));
}

Result<std::optional<Lines>> LineReader::line_at(std::int64_t offset, Blocks& blocks) {
  const std::int64_t next = std::exchange(next_, offset);
  const std::int64_t searched = std::exchange(searched_, 0);
  Result<LineEnd> end = find_line_end(blocks);
  next_ = next;
  searched_ = searched;
  if (!end) return end.error();
  if (end->size == 0 && !end->newline) return std::optional<Lines>{};
  Result<Lines> line = read_line(offset, end->size, blocks);
  if (!line) return line.error();
  return std::optional(std::move(*line));
}

Result<std::int64_t> LineReader::size() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) return failure("cannot be looked at");
  return static_cast<std::int64_t>(status.st_size);
}

Result<void> LineReader::still_the_same() const {
  struct stat opened {};
  struct stat named {};
  if (::fstat(descriptor_, &opened) != 0) return failure("cannot be looked at");
  if (::stat(path_.c_str(), &named) != 0) return failure("is gone");
  if (opened.st_dev != named.st_dev || opened.st_ino != named.st_ino)
    return Error{Code::source_recreated, path_ + " was replaced by another file while it was read"};
  if (opened.st_size < next_)
    return Error{Code::source_recreated, path_ + " was cut to " + std::to_string(opened.st_size) +
                                             " bytes, of which " + std::to_string(next_) +
                                             " were read already"};
  return {};
}

Error LineReader::failure(std::string_view what, Code code) const {
  return {code, path_ + " " + std::string(what) + ": " + std::strerror(errno)};
}

Result<std::size_t> LineReader::read_at(std::int64_t offset, char* to, std::size_t size) const {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got =
        ::pread(descriptor_, to + done, size - done, offset + static_cast<std::int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("cannot be read");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<LineReader::LineEnd> LineReader::find_line_end(Blocks& blocks) {
  Block block = blocks.take(Blocks::usual);
  for (;;) {
    Result<std::size_t> size = read_at(next_ + searched_, block.bytes.get(), block.capacity);
    if (!size) return size.error();
    const void* newline = std::memchr(block.bytes.get(), '\n', *size);
    if (newline != nullptr) {
      const std::int64_t line_size = searched_ + (static_cast<const char*>(newline) - block.bytes.get());
      blocks.give_back(std::move(block));
      return LineEnd{line_size, true};
    }
    searched_ += static_cast<std::int64_t>(*size);
    if (*size < block.capacity) {
      blocks.give_back(std::move(block));
      return LineEnd{searched_, false};
    }
  }
}

Result<bool> LineReader::skip_to_line_start(Blocks& blocks) {
  Result<LineEnd> end = find_line_end(blocks);
  if (!end) return end.error();
  if (!end->newline) return false;
  next_ += end->size + 1;
  searched_ = 0;
  within_line_ = false;
  return true;
}

Result<Lines> LineReader::read_line(std::int64_t offset, std::int64_t line_size, Blocks& blocks) const {
  const auto limit = static_cast<std::int64_t>(longest_line_);
  const auto wanted = static_cast<std::size_t>(std::min(line_size, limit));
  Lines line{.block = blocks.take(wanted), .offset = offset, .line_size = line_size > limit ? line_size : 0};
  Result<std::size_t> got = read_at(offset, line.block.bytes.get(), wanted);
  if (!got) return got.error();
  if (*got < wanted) return Error{Code::source_recreated, path_ + " became shorter while it was read"};
  line.size = wanted;
  return line;
}

}  // namespace sluice::engine::file
