// Waits for files to change without asking all the time.
//
// Built on inotify, which tells nothing of changes made by other machines on a shared file system, and may be
// used up for this user: whoever waits must look for himself after every wait, and wait for a bounded time.
// One thread.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"

namespace sluice::engine {

class FileWatch {
 public:
  // Files that do not exist (yet, or any more) are watched for from the next wait() on that finds them.
  explicit FileWatch(std::vector<std::string> paths);
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // Returns true as soon as one of the files was written to, moved or removed since the last call, and false
  // when the time is over.
  bool wait(microseconds timeout);

 private:
  static constexpr int none = -1;
  struct Watched {
    std::string path;
    int watch = none;
  };
  void watch_missing();
  void take_events();

  std::vector<Watched> files_;
  int inotify_ = none;
};

}  // namespace sluice::engine
