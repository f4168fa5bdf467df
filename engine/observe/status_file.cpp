#include "observe/status_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace sluice::engine {

// The number of the process keeps two of them with one file from writing into each other.
StatusFile::StatusFile(std::filesystem::path path)
    : path_(std::move(path)), beside_(path_.string() + "." + std::to_string(getpid()) + ".tmp") {}

Result<void> StatusFile::write(std::string_view text) const {
  {
    std::ofstream file(beside_, std::ios::trunc | std::ios::binary);
    file << text << '\n';
    file.flush();
    if (!file)
      return Error{Code::internal,
                   "the status file " + beside_.string() + " cannot be written: " + std::strerror(errno)};
  }
  std::error_code failed;
  std::filesystem::rename(beside_, path_, failed);
  if (failed)
    return Error{Code::internal,
                 "the status file " + path_.string() + " cannot be replaced: " + failed.message()};
  return {};
}

}  // namespace sluice::engine
