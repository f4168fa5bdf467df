#include "core/path_check.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>

#include "core/options.hpp"

namespace sluice::engine {
namespace {

namespace fs = std::filesystem;

// Below these a batch of a busy pipeline may not fit any more.
constexpr std::uint64_t little_room = std::uint64_t{1} << 30U;
constexpr std::uint64_t no_room = std::uint64_t{32} << 20U;

std::string in_quotes(const fs::path& path) { return '\'' + path.string() + '\''; }

fs::path folder_of(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

// Of the process's user, as open() would decide it.
bool may(const fs::path& path, int mode) { return ::access(path.c_str(), mode) == 0; }

bool check_kind(const std::string& path, const std::string& subject, Findings& findings) {
  std::error_code ignored;  // what cannot be looked at is not there, for us
  if (!fs::is_directory(path, ignored)) return true;
  findings.problem(subject, in_quotes(path) + " is a folder.", "Name a file in it.");
  return false;
}

bool check_room(const fs::path& folder, const std::string& subject, Findings& findings) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return true;
  const std::uint64_t room = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  if (room >= little_room) return true;
  const std::string what = "The disk of " + in_quotes(folder) + " has room for " +
                           bytes_to_text(static_cast<std::int64_t>(room >> 20U << 20U)) + " only.";
  const std::string remedy = "Make room, or put the file on another disk.";
  if (room >= no_room)
    findings.warn(subject, what, remedy);
  else
    findings.problem(subject, what, remedy);
  return room >= no_room;
}

}  // namespace

bool check_file_to_read(const std::string& path, const std::string& subject, Findings& findings) {
  if (!check_kind(path, subject, findings)) return false;
  if (!may(path, F_OK)) {
    findings.problem(subject, "There is no file " + in_quotes(path) + ".",
                     "Correct the path, or make the file; the pipeline waits for it.");
    return false;
  }
  if (may(path, R_OK)) return true;
  findings.problem(subject, in_quotes(path) + " cannot be read: " + std::strerror(errno) + ".",
                   "Give the user who runs sluice the right to read it.");
  return false;
}

bool check_file_to_write(const std::string& path, const std::string& subject, bool beside,
                         Findings& findings) {
  if (!check_kind(path, subject, findings)) return false;
  const fs::path folder = folder_of(path);
  if (!may(folder, F_OK)) {
    findings.problem(subject, "The folder " + in_quotes(folder) + " does not exist.",
                     "Make it: sluice makes files, never folders.");
    return false;
  }
  const bool there = may(path, F_OK);
  if (there && !may(path, R_OK | W_OK)) {
    findings.problem(subject, in_quotes(path) + " cannot be written: " + std::strerror(errno) + ".",
                     "Give the user who runs sluice the right to read and write it.");
    return false;
  }
  if ((!there || beside) && !may(folder, W_OK | X_OK)) {
    findings.problem(
        subject, "No file can be made in the folder " + in_quotes(folder) + ": " + std::strerror(errno) + ".",
        "Give the user who runs sluice the right to write there.");
    return false;
  }
  return check_room(folder, subject, findings);
}

}  // namespace sluice::engine
