#include "base/file_watch.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <ctime>
#include <utility>

namespace sluice::engine {

FileWatch::FileWatch(std::vector<std::string> paths) : inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  for (std::string& path : paths) files_.push_back({std::move(path)});
  watch_missing();
}

FileWatch::~FileWatch() {
  if (inotify_ != none) ::close(inotify_);
}

bool FileWatch::wait(microseconds timeout) {
  watch_missing();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
  const timespec longest{.tv_sec = seconds.count(),
                         .tv_nsec = std::chrono::nanoseconds(timeout - seconds).count()};
  pollfd waited_for{.fd = inotify_, .events = POLLIN, .revents = 0};  // a negative fd only waits
  if (::ppoll(&waited_for, 1, &longest, nullptr) <= 0) return false;
  take_events();
  return true;
}

void FileWatch::watch_missing() {
  if (inotify_ == none) return;
  for (Watched& file : files_) {
    if (file.watch != none) continue;
    file.watch = ::inotify_add_watch(inotify_, file.path.c_str(), IN_MODIFY | IN_MOVE_SELF | IN_DELETE_SELF);
  }
}

void FileWatch::take_events() {
  alignas(inotify_event) std::array<char, 4096> events;
  for (;;) {
    const ssize_t size = ::read(inotify_, events.data(), events.size());
    if (size <= 0) return;
    for (ssize_t at = 0; at < size;) {
      inotify_event event;
      std::memcpy(&event, events.data() + at, sizeof event);
      at += static_cast<ssize_t>(sizeof event + event.len);
      if ((event.mask & (IN_MOVE_SELF | IN_IGNORED)) == 0) continue;
      // The path may name another file from now on.
      if ((event.mask & IN_MOVE_SELF) != 0) ::inotify_rm_watch(inotify_, event.wd);
      for (Watched& file : files_)
        if (file.watch == event.wd) file.watch = none;
    }
  }
}

}  // namespace sluice::engine
