#include "pipeline/pipeline.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/thread_name.hpp"
#include "pipeline/run.hpp"

namespace sluice::engine {

class Pipeline::Impl {
 public:
  Impl(PipelineParts parts, PipelineSettings settings, const Clock& clock, PipelineObserver* observer)
      : parts_(std::move(parts)), settings_(std::move(settings)), run_(parts_, settings_, clock, observer) {}
  ~Impl() {
    if (!thread_.joinable()) return;
    run_.halt();
    thread_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void start() {
    thread_ = std::thread([this] {
      name_this_thread("conductor");
      const bool complete = run_();
      {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        complete_ = complete;
      }
      changed_.notify_all();
    });
  }

  bool wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_; });
    return complete_;
  }

  [[nodiscard]] bool ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
  }

  Run& run() noexcept { return run_; }
  const Run& run() const noexcept { return run_; }

 private:
  PipelineParts parts_;
  PipelineSettings settings_;
  Run run_;
  std::thread thread_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  bool complete_ = false;
};

Pipeline::Pipeline(PipelineParts parts, PipelineSettings settings, const Clock& clock,
                   PipelineObserver* observer)
    : impl_(std::make_unique<Impl>(std::move(parts), std::move(settings), clock, observer)) {}
Pipeline::~Pipeline() = default;

void Pipeline::start() { impl_->start(); }
void Pipeline::drain() { impl_->run().drain(); }
void Pipeline::halt() { impl_->run().halt(); }
bool Pipeline::wait() { return impl_->wait(); }
bool Pipeline::ended() const { return impl_->ended(); }
PipelineStatus Pipeline::status() const { return impl_->run().status(); }

}  // namespace sluice::engine
