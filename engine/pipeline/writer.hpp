// A writer: a thread with one session of the store, or one instance of a sink. It executes the batches it is
// given, one at a time, and gives them back with an outcome for each write.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "base/thread_name.hpp"
#include "base/time.hpp"
#include "core/handler.hpp"
#include "core/store.hpp"
#include "pipeline/batch.hpp"
#include "pipeline/mailbox.hpp"

namespace sluice::engine {

class Writer {
 public:
  // Executes one batch: results are one for each group. On the writer's thread.
  using Execute = std::function<Result<void>(const Batch& batch, std::vector<WriteResult>& results)>;
  // Called on the writer's thread with what comes back.
  using Done = std::function<void(WrittenBatch written)>;

  Writer(Execute execute, Done done, const Clock& clock)
      : execute_(std::move(execute)), done_(std::move(done)), clock_(clock), thread_([this] { run(); }) {}
  // Finishes the batch at hand.
  ~Writer() {
    batches_.close();
    thread_.join();
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void write(std::unique_ptr<Batch> batch) { batches_.push(std::move(batch)); }

 private:
  void run() {
    name_this_thread("writer");
    while (auto batch = batches_.take()) {
      WrittenBatch written;
      written.results.resize((*batch)->size());
      const Instant started = clock_.now();
      written.reached = execute_(**batch, written.results);
      written.took = std::chrono::duration_cast<microseconds>(clock_.now() - started);
      written.finished = clock_.wall();
      written.batch = std::move(*batch);
      done_(std::move(written));
    }
  }

  Execute execute_;
  Done done_;
  const Clock& clock_;
  WorkList<std::unique_ptr<Batch>> batches_;
  std::thread thread_;
};

[[nodiscard]] inline Writer::Execute write_to(std::shared_ptr<StoreSession> session) {
  return [session = std::move(session)](const Batch& batch, std::vector<WriteResult>& results) {
    return session->write(batch.writes, results);
  };
}

[[nodiscard]] inline Writer::Execute deliver_to(std::shared_ptr<Sink> sink) {
  return [sink = std::move(sink)](const Batch& batch, std::vector<WriteResult>& results) {
    return sink->deliver(batch.events, results);
  };
}

}  // namespace sluice::engine
