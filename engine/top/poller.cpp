#include "top/poller.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sluice::engine::top {
namespace {

int event_file() {
  const int file = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (file < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  return file;
}

}  // namespace

Poller::Poller(StatusSource& source, milliseconds interval)
    : source_(source),
      interval_(interval),
      ready_(event_file()),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Poller::~Poller() {
  thread_.request_stop();
  thread_.join();
  ::close(ready_);
}

std::optional<Answer> Poller::take() {
  const std::lock_guard lock(mutex_);
  eventfd_t count = 0;
  if (answer_ && ::eventfd_read(ready_, &count) != 0) return std::nullopt;
  return std::exchange(answer_, std::nullopt);
}

void Poller::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    Answer answer = source_.ask();
    const bool last = answer.last;
    hand_over(std::move(answer));
    if (last) return;
    std::unique_lock lock(mutex_);
    stopping_.wait_for(lock, stop, interval_, [] { return false; });
  }
}

// An answer that was not taken in time is replaced: only the newest counts.
void Poller::hand_over(Answer answer) {
  const std::lock_guard lock(mutex_);
  const bool noticed = answer_.has_value();
  answer_ = std::move(answer);
  if (!noticed && ::eventfd_write(ready_, 1) != 0) answer_.reset();
}

}  // namespace sluice::engine::top
