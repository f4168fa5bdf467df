#include "file/dead_letters.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <unordered_map>

#include "file/examine.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"
#include "letters/error_headers.hpp"
#include "letters/record_bytes.hpp"

namespace sluice::engine::file {
namespace {

using std::chrono::duration_cast;

class Descriptor {
 public:
  explicit Descriptor(int owned) noexcept : fd_(owned) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

// What errno says of the file. What a person must mend in the configuration or the file's rights never
// passes; all else may.
Error failure(const std::string& path, std::string_view doing, int error) {
  const bool never =
      error == EACCES || error == EISDIR || error == EROFS || error == ENOTDIR || error == EPERM;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::string message = "cannot ";
  message.append(doing).append(" the file of dead letters '").append(path).append("': ");
  message += error == ENOENT ? "the folder '" + folder.string() + "' does not exist" : std::strerror(error);
  return {never ? Code::dead_letters_fatal : Code::dead_letters_unavailable, std::move(message)};
}

void write_line(const DeadLetter& letter, bson::Writer& writer, std::string& out) {
  OwnedHeaders headers;
  for (const auto& header : letter.headers)
    if (!is_error_header(header.first)) headers.push_back(header);
  for (auto& [name, value] : error_headers(letter)) headers.emplace_back(std::move(name), std::move(value));

  writer.clear().text("topic", letter.topic).int32("partition", letter.partition);
  writer.int64("offset", letter.position.value).text("tstype", "create");
  writer.int64("ts", duration_cast<milliseconds>(letter.timestamp.time_since_epoch()).count());
  write_headers("headers", headers, writer);
  write_bytes("key", letter.key, writer);
  write_bytes("payload", letter.value, writer);
  write_extended(writer.finish(), out);
  out += '\n';
}

// False for a line that is no letter: one that a crash has torn, or not ours.
bool read_line(std::string_view line, JsonReader& reader, DeadLetter& letter) {
  const auto read = reader.read_extended(line);
  if (!read) return false;
  const auto since_epoch = read->find("ts").as_int64();
  OwnedHeaders headers;
  if (!since_epoch || !read_headers(read->find("headers"), headers)) return false;
  if (!read_error_headers(headers, letter)) return false;
  std::erase_if(headers, [](const auto& header) { return is_error_header(header.first); });
  letter.headers = std::move(headers);
  letter.key = read_bytes(read->find("key"));
  letter.value = read_bytes(read->find("payload"));
  letter.timestamp = Timestamp(milliseconds(*since_epoch));
  return true;
}

// Writes all of it, or says with errno why not.
bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool ends_within_a_line(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || status.st_size == 0) return false;
  char last = '\n';
  return ::pread(fd, &last, 1, status.st_size - 1) == 1 && last != '\n';
}

// A file that was just made is durable only when its folder is.
bool sync_folder(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const Descriptor fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.get() >= 0 && ::fsync(fd.get()) == 0;
}

const std::vector<OptionSpec>& options() {
  static const std::vector<OptionSpec> specs{
      {.name = "path",
       .type = OptionType::path,
       .help = "the file that letters are appended to, made if absent"}};
  return specs;
}

std::unique_ptr<DeadLetters> make(const Options& given, const ConnectorContext&) {
  if (given.text("path").empty()) throw ConfigurationError("dead_letters.file.path is empty: name the file");
  return std::make_unique<FileDeadLetters>(given.text("path"));
}

}  // namespace

FileDeadLetters::FileDeadLetters(std::string path) : path_(std::move(path)) {}

Result<void> FileDeadLetters::open() {
  const Descriptor fd(::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0640));
  if (fd.get() < 0) return failure(path_, "open", errno);
  if (!sync_folder(path_)) return failure(path_, "open", errno);
  return {};
}

Result<void> FileDeadLetters::write(std::span<const DeadLetter> letters) {
  const Descriptor fd(::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0640));
  if (fd.get() < 0) return failure(path_, "open", errno);
  if (::flock(fd.get(), LOCK_EX) != 0) return failure(path_, "lock", errno);

  std::string lines;
  if (ends_within_a_line(fd.get())) lines += '\n';
  bson::Writer writer;
  for (const DeadLetter& letter : letters) write_line(letter, writer, lines);
  if (!write_all(fd.get(), lines)) return failure(path_, "write to", errno);
  if (::fsync(fd.get()) != 0) return failure(path_, "write to", errno);
  if (!sync_folder(path_)) return failure(path_, "write to", errno);
  return {};
}

// Two passes, so that of the letters only what they leave unapplied is held: the first finds the last line of
// each, the second gives them in the order of their first lines.
Result<void> FileDeadLetters::read(const std::function<bool(const DeadLetter&)>& each) {
  std::ifstream in(path_, std::ios::binary);
  if (!in && errno == ENOENT) return {};
  if (!in) return failure(path_, "read", errno);
  JsonReader reader(own_json_limits);
  std::unordered_map<std::string, std::size_t> places;  // of an id, in lines
  struct Line {
    std::streamoff at = 0;  // the last of the letter
    std::vector<Unapplied> unapplied;
    Timestamp failed_at{};
  };
  std::vector<Line> lines;
  std::string line;
  for (std::streamoff at = 0; std::getline(in, line); at += static_cast<std::streamoff>(line.size()) + 1) {
    DeadLetter letter;
    if (!read_line(line, reader, letter)) continue;
    const auto [place, added] = places.emplace(letter.id(), lines.size());
    if (added) lines.emplace_back();
    Line& known = lines[place->second];
    if (!added) add_unapplied(letter.unapplied, known.unapplied);
    known = {at, std::move(letter.unapplied), std::max(letter.failed_at, known.failed_at)};
  }
  for (Line& last : lines) {
    in.clear();
    in.seekg(last.at);
    DeadLetter letter;
    if (!std::getline(in, line) || !read_line(line, reader, letter)) continue;
    letter.unapplied = std::move(last.unapplied);
    letter.failed_at = last.failed_at;
    if (!each(letter)) break;
  }
  return {};
}

RoleSpec<DeadLetters> dead_letters_role() {
  return {.options = options(),
          .help = "dead letters as lines of JSON at the end of a file",
          .make = make,
          .examine = examine_dead_letters};
}

}  // namespace sluice::engine::file
