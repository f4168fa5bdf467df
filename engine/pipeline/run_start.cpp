// How a run gets ready, and how it ends.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <thread>

#include "base/thread_name.hpp"
#include "core/watermark_key.hpp"
#include "pipeline/backoff.hpp"
#include "pipeline/run.hpp"

namespace sluice::engine {

bool Run::operator()() {
  if (prepare() && make_instances()) {
    start_threads();
    loop();
    end_threads();
  }
  if (state_ == PipelineState::starting || state_ == PipelineState::running ||
      state_ == PipelineState::draining)
    set_state(PipelineState::drained);
  publish();
  return complete_;
}

bool Run::prepare() {
  std::set<std::string> keys;
  for (const HandlerBinding& handler : parts_.handlers) {
    if (keys.insert(watermark_key(settings_.id, handler.name, {})).second) continue;
    end_with(PipelineState::failed, Code::configuration_invalid,
             "the handler \"" + handler.name + "\" has the same watermark key as another one: rename it");
    return false;
  }
  if (parts_.store) {
    const auto step = [this] { return parts_.store->prepare(parts_.collections); };
    if (!prepare_until_possible("the store", step)) return false;
  }
  journal_ = parts_.journal != nullptr ? parts_.journal : parts_.store ? &parts_.store->journal() : nullptr;
  if (parts_.dead_letters) {
    const auto step = [this] { return parts_.dead_letters->open(); };
    if (!prepare_until_possible("the dead letters", step)) return false;
  }
  if (journal_ == nullptr) return true;
  return breaker_allows();
}

// Tries until it works: true. False when it never will, or when nobody wants it any more.
bool Run::prepare_until_possible(const std::string& what, const std::function<Result<void>()>& step) {
  for (unsigned failures = 1; !give_up_; ++failures) {
    auto done = step();
    if (done) {
      start_retrying_.reset();
      return true;
    }
    const Error& error = done.error();
    if (error.code != Code::store_unavailable && error.code != Code::dead_letters_unavailable) {
      end_with(PipelineState::failed, error.code, error.message);
      return false;
    }
    if (!start_retrying_) start_retrying_ = Retrying{clock_.wall(), {}};
    start_retrying_->reason = "cannot start yet, " + what + " is out of reach: " + error.message;
    publish();
    const Instant until = clock_.now() + backoff(settings_.retry, failures, failures);
    while (!give_up_ && clock_.now() < until) std::this_thread::sleep_for(milliseconds(5));
  }
  return false;
}

bool Run::breaker_allows() {
  std::optional<BreakerRecord> record;
  const auto read = [&]() -> Result<void> {
    auto found = journal_->breaker(settings_.id);
    if (!found) return found.error();
    record = std::move(*found);
    return {};
  };
  if (!prepare_until_possible("the journal", read)) return false;
  if (!record) return true;
  if (record->fingerprint == settings_.fingerprint) {
    complete_ = false;
    end_with(PipelineState::breaker_open, Code::breaker_open,
             "stopped since " + to_text(record->opened) + ": " + record->reason);
    return false;
  }
  spdlog::info("[{}] plugins or configuration have changed since the breaker opened: starting again",
               settings_.id);
  return prepare_until_possible("the journal", [this] { return journal_->close_breaker(settings_.id); });
}

// The instances of handlers and sinks, before any thread starts: a plugin may refuse its options.
bool Run::make_instances() {
  try {
    for (unsigned i = 0; i < std::max(1U, settings_.workers); ++i) {
      std::vector<std::unique_ptr<Handler>> handlers;
      for (const HandlerBinding& handler : parts_.handlers) handlers.push_back(handler.make());
      worker_instances_.push_back(
          std::make_unique<Worker>(plan_, parts_.make_decoder(), std::move(handlers)));
    }
    for (const SinkBinding& sink : parts_.sinks) {
      auto& instances = sink_instances_.emplace_back();
      for (unsigned i = 0; i < std::max(1U, sink.writers); ++i) instances.push_back(sink.make());
    }
    return true;
  } catch (const ConfigurationError& error) {
    end_with(PipelineState::failed, error.code(), error.what());
    return false;
  }
}

void Run::start_threads() {
  start_writers();
  bookkeeper_ = std::make_unique<Bookkeeper>(
      parts_.dead_letters.get(), journal_, settings_.id,
      [this](Bookkeeper::Written written) { mailbox_.post(std::move(written)); });
  for (auto& worker : worker_instances_) {
    workers_.emplace_back([this, &worker] {
      name_this_thread("worker");
      while (auto next = to_handle_.take()) {
        auto chunk = worker->handle(next->number, std::move(next->chunk));
        mailbox_.post(Handled{std::move(chunk)});
      }
    });
  }
  ReaderEvents& events = *this;
  reader_ = std::make_unique<Reader>(
      *parts_.source, Reader::Settings{settings_.id, settings_.retry, settings_.witness_interval}, flow_,
      events);
  reader_->start();
}

void Run::start_writers() {
  targets_.resize(1 + parts_.sinks.size());
  const auto add = [this](std::size_t target, Writer::Execute execute) {
    const std::size_t index = targets_[target].writers.size();
    const auto done = [this, target, index](WrittenBatch written) {
      mailbox_.post(WrittenBy{target, index, std::move(written)});
    };
    targets_[target].writers.push_back(std::make_unique<Writer>(std::move(execute), done, clock_));
    targets_[target].idle.push_back(index);
    targets_[target].out.emplace_back();
  };
  targets_[0].name = "store";
  if (parts_.store) {
    const unsigned writers = std::clamp(settings_.writers, 1U, parts_.store->max_sessions());
    for (unsigned i = 0; i < writers; ++i) add(0, write_to(parts_.store->open_session()));
  }
  for (std::size_t i = 0; i < parts_.sinks.size(); ++i) {
    targets_[i + 1].name = parts_.sinks[i].name;
    for (auto& sink : sink_instances_[i]) add(i + 1, deliver_to(std::move(sink)));
  }
}

void Run::end_threads() {
  reader_->stop_reading();
  to_handle_.close();
  for (auto& target : targets_) target.writers.clear();  // each finishes the batch it has
  if (!halted_) settle_accounts();
  for (Revocation& revocation : revocations_) revocation.safe.set_value(std::nullopt);
  revocations_.clear();
  ended_ = true;
  reader_->stop();
  for (std::thread& worker : workers_) worker.join();
  bookkeeper_.reset();
  report();
}

// The last outcomes, letters and positions, and the breaker's state, before the reader commits for the last
// time.
void Run::settle_accounts() {
  std::vector<Message> messages;
  // A drain has had its time; a little more is for what has come back just now.
  const milliseconds at_least{1000};
  const Instant until = drain_until_ ? std::max(*drain_until_, clock_.now() + at_least)
                                     : clock_.now() + settings_.shutdown_timeout;
  do {
    mailbox_.collect(messages, clock_.now() + milliseconds(1));
    for (Message& message : messages) dispatch(message);
    keep_books(true);
    answer_revocations();
    report();
  } while ((positions_out_ || letters_out_ || !unsaved_.empty()) && clock_.now() < until);

  if (state_ != PipelineState::breaker_open || journal_ == nullptr) return;
  const BreakerRecord record{clock_.wall(), end_reason_, settings_.fingerprint};
  if (auto opened = journal_->open_breaker(settings_.id, record); !opened)
    spdlog::error("[{}] the open breaker could not be recorded, a restart will try again: {}", settings_.id,
                  opened.error().message);
}

void Run::end_with(PipelineState state, Code code, const std::string& reason) {
  if (state_ == PipelineState::failed || state_ == PipelineState::breaker_open) return;
  end_code_ = code;
  end_reason_ = reason;
  complete_ = false;
  set_state(state);
}

void Run::set_state(PipelineState state) {
  if (state_ == PipelineState::failed || state_ == PipelineState::breaker_open) return;
  state_ = state;
  publish();
}

void Run::publish() {
  next_publish_ = clock_.now() + milliseconds(100);
  PipelineStatus status;
  status.id = settings_.id;
  status.state = state_;
  status.code = end_code_;
  status.reason = end_reason_;
  if (status.reason.empty() && start_retrying_) status.reason = start_retrying_->reason;
  if (status.reason.empty() && source_retrying_) status.reason = source_retrying_->reason;
  status.start_retrying = start_retrying_;
  status.source_retrying = source_retrying_;
  conductor_.describe(status, clock_.now(), clock_.wall());
  describe_writers(status);
  status.unfinished_bytes = flow_.unfinished_bytes();
  status.reading_paused = flow_.full();
  status.letters = letters_;
  status.position_saves = position_saves_;
  const FlowControl::Read read = flow_.read_so_far();
  status.records_read = read.records;
  status.bytes_read = read.bytes;
  if (reader_) {
    status.source = reader_->figures();
    status.commits = reader_->commits();
  }
  const auto ends = reader_ ? reader_->ends() : std::map<PartitionId, Position>();
  for (PartitionStatus& partition : status.partitions) {
    partition.paused = flow_.paused(partition.id);
    partition.read = flow_.records_read(partition.id);
    if (const auto end = ends.find(partition.id); end != ends.end()) partition.end = end->second;
  }
  const std::lock_guard lock(mutex_);
  published_ = std::move(status);
}

// What a writer does is told once it is late: naming a change takes time that fast writers need not spend.
void Run::describe_writers(PipelineStatus& status) const {
  constexpr milliseconds late{1000};
  const Timestamp now = clock_.wall();
  for (std::size_t i = 0; i < targets_.size() && i < status.targets.size(); ++i) {
    TargetStatus& told = status.targets[i];
    told.writers = static_cast<unsigned>(targets_[i].writers.size());
    const Out* oldest = nullptr;
    for (const Out& out : targets_[i].out)
      if (out.batch != nullptr && (oldest == nullptr || out.since < oldest->since)) oldest = &out;
    if (oldest == nullptr) continue;
    told.busy_since = oldest->since;
    if (now - oldest->since >= late) told.busy_with = conductor_.first_change(*oldest->batch);
  }
}

}  // namespace sluice::engine
