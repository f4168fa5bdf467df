// The conductor's thread: gathers messages, lets the conductor decide, hands out what it gives.
#include "pipeline/run.hpp"

#include <algorithm>

namespace sluice::engine {
namespace {

constexpr milliseconds revocation_bound{10'000};  // how long a rebalance may wait for writes in flight

}  // namespace

Run::Run(PipelineParts& parts, const PipelineSettings& settings, const Clock& clock,
         PipelineObserver* observer)
    : parts_(parts),
      settings_(settings),
      clock_(clock),
      observer_(observer),
      router_(parts.routes, parts.otherwise),
      keys_(settings.id),
      conductor_(conductor_settings()),
      flow_({settings.max_unfinished_events, settings.max_unfinished_bytes,
             static_cast<std::uint64_t>(settings.max_distance)}) {
  plan_.router = &router_;
  plan_.share = settings.share;
  plan_.store_collection = parts.store_collection;
  for (const HandlerBinding& handler : parts.handlers) plan_.handler_names.push_back(handler.name);
  plan_.keys = &keys_;
  published_.id = settings.id;
}

Run::~Run() = default;

ConductorSettings Run::conductor_settings() const {
  ConductorSettings made;
  made.pipeline = settings_.id;
  made.generation = settings_.generation;
  made.targets.push_back({"store", settings_.batch, settings_.retry, true});
  for (const SinkBinding& sink : parts_.sinks)
    made.targets.push_back({sink.name, sink.batch, sink.retry, false});
  for (const HandlerBinding& handler : parts_.handlers)
    made.handlers.push_back({handler.name, handler.wait_for});
  made.breaker = settings_.breaker;
  made.letters_retry = settings_.retry;
  made.has_dead_letters = parts_.dead_letters != nullptr;
  made.seed = static_cast<std::uint64_t>(clock_.now().time_since_epoch().count());
  return made;
}

void Run::loop() {
  std::vector<Message> messages;
  while (!halted_ && !finished()) {
    mailbox_.collect(messages, deadline());
    for (Message& message : messages) dispatch(message);
    hand_out();
    keep_books(false);
    answer_revocations();
    report();
  }
}

void Run::dispatch(Message& message) {
  std::visit([this](auto& one) { on(one); }, message);
}

void Run::on(Assigned& message) {
  conductor_.assign(message.id, message.partition, message.start, std::move(message.letters));
  if (!message.recorded) return;
  // A share that starts where others were: recorded at once, so that its layout is known to be complete.
  const PositionRecord& from = *message.recorded;
  unsaved_.insert_or_assign(
      message.id, SafeMark{message.id, message.partition, message.start, {from.next, from.last_timestamp}});
}

void Run::on(Revoked& message) {
  conductor_.revoke(message.id);
  revocations_.push_back({message.id, std::move(message.safe), clock_.now() + revocation_bound});
}

void Run::on(Handled& message) {
  ++chunks_taken_;
  conductor_.take(std::move(message.chunk), clock_.now(), clock_.wall());
}

void Run::on(WrittenBy& message) {
  TargetThreads& target = targets_[message.target];
  target.idle.push_back(message.writer);
  target.out[message.writer] = {};
  WrittenBatch& written = message.written;
  if (observer_ != nullptr) {
    observer_->batch_written(target.name, written.batch->size(), written.batch->changes, written.took);
    const auto is_retry = [](const WriteResult& one) { return one.outcome == Outcome::retry; };
    const auto again = std::find_if(written.results.begin(), written.results.end(), is_retry);
    if (again != written.results.end()) {
      const auto count = std::count_if(again, written.results.end(), is_retry);
      observer_->retried(again->code, static_cast<std::uint64_t>(count));
    }
  }
  const Timestamp finished = written.finished;
  conductor_.finish(std::move(written), clock_.now(), finished);
}

void Run::on(Bookkeeper::Written& message) {
  if (!message.entry.letters.empty()) {
    letters_out_ = false;
    letters_.count(message.result.ok(), message.entry.letters.size());
    conductor_.letters_done(std::move(message.entry.letters), message.result, clock_.now(), clock_.wall());
    return;
  }
  positions_out_ = false;
  if (journal_ != nullptr) position_saves_.count(message.result.ok());
  if (!message.result) {
    // Not known to be saved: again, unless something newer is to be saved by now, or the partition was taken
    // away and others go on with it.
    std::erase_if(saving_, [this](const auto& one) { return !conductor_.position(one.first); });
    unsaved_.merge(saving_);
    saving_.clear();
    return;
  }
  std::vector<SafePosition> saved;
  for (const auto& [id, mark] : saving_) saved.push_back({id, mark.settled});
  saving_.clear();
  reader_->commit(std::move(saved));
}

void Run::on(ReadingEnded& message) {
  chunks_in_all_ = message.chunks;
  if (message.why) return;  // told to, or the source is finished: the rest is done without haste
  end_with(PipelineState::failed, message.why.error().code, message.why.error().message);
  if (!drain_until_) drain();
}

void Run::on(Opened&) {
  if (state_ == PipelineState::starting) set_state(PipelineState::running);
}

void Run::on(SourceTrouble& message) {
  if (message.reason.empty()) return source_retrying_.reset();
  if (!source_retrying_) source_retrying_ = Retrying{clock_.wall(), {}};
  source_retrying_->reason = std::move(message.reason);
}

void Run::on(Drain&) {
  if (drain_until_) return;
  drain_until_ = clock_.now() + settings_.shutdown_timeout;
  conductor_.begin_drain();
  reader_->stop_reading();
  set_state(PipelineState::draining);
}

void Run::on(Halt&) {
  halted_ = true;
  complete_ = conductor_.at_rest();
}

// Gives every idle writer what is ready, and the bookkeeper the letters that are due.
void Run::hand_out() {
  const Instant now = clock_.now();
  handed_out_ = now;
  conductor_.tick(now);
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    TargetThreads& target = targets_[i];
    while (!target.idle.empty()) {
      auto batch = conductor_.next_batch(static_cast<std::uint16_t>(i), now);
      if (!batch) break;
      const std::size_t writer = target.idle.back();
      target.idle.pop_back();
      target.out[writer] = {batch.get(), clock_.wall()};
      target.writers[writer]->write(std::move(batch));
    }
  }
  if (letters_out_) return;
  auto letters = conductor_.next_letters(now);
  if (letters.empty()) return;
  letters_out_ = true;
  bookkeeper_->write({std::move(letters), {}});
}

// Saves the positions that have moved, at intervals, or at once at the end.
void Run::keep_books(bool at_once) {
  for (SafeMark& mark : conductor_.moved_positions()) unsaved_.insert_or_assign(mark.id, std::move(mark));
  conductor_.for_each_passed([this](PartitionId id, std::uint64_t records) { flow_.passed(id, records); });
  flow_.finished(conductor_.finished_events(), conductor_.finished_bytes());
  const Instant now = clock_.now();
  if (unsaved_.empty() || positions_out_ || (!at_once && now < next_save_)) return;
  next_save_ = now + settings_.commit_interval;
  Bookkeeper::Entry entry;
  for (const auto& [id, mark] : unsaved_)
    entry.positions.push_back({mark.partition, settings_.share, mark.settled.next, reader_->witness(id),
                               mark.last.timestamp, mark.settled.origins});
  saving_.swap(unsaved_);
  positions_out_ = true;
  bookkeeper_->write(std::move(entry));
}

void Run::answer_revocations() {
  const Instant now = clock_.now();
  std::erase_if(revocations_, [&](Revocation& revocation) {
    if (conductor_.in_flight(revocation.id) && now < revocation.until) return false;
    std::optional<SafePosition> safe;
    if (const auto mark = conductor_.position(revocation.id))
      safe = SafePosition{revocation.id, mark->settled};
    unsaved_.erase(revocation.id);
    revocation.safe.set_value(safe);
    conductor_.forget(revocation.id);
    return true;
  });
}

void Run::report() {
  if (observer_ != nullptr && !conductor_.settled().empty()) observer_->settled(conductor_.settled());
  conductor_.forget_settled();
  if (clock_.now() >= next_publish_) publish();
}

// Whether the loop may end: by a stop, because the source is finished and so is everything that came of it,
// or because a drain has nothing left to do or no time left for it.
bool Run::finished() {
  if (const auto& stop = conductor_.stop()) {
    const bool breaker = stop->code == Code::breaker_open;
    end_with(breaker ? PipelineState::breaker_open : PipelineState::failed, stop->code, stop->reason);
    complete_ = false;
    return true;
  }
  const bool all_taken = chunks_in_all_ && chunks_taken_ == *chunks_in_all_;
  if (!drain_until_) return all_taken && conductor_.unfinished() == 0;
  if (all_taken && conductor_.at_rest()) return true;
  if (clock_.now() < *drain_until_) return false;
  complete_ = false;
  return true;
}

Instant Run::deadline() const {
  Instant next = next_publish_;
  if (const auto due = conductor_.next_deadline(handed_out_)) next = std::min(next, *due);
  if (!unsaved_.empty() && !positions_out_) next = std::min(next, next_save_);
  if (drain_until_) next = std::min(next, *drain_until_);
  for (const Revocation& revocation : revocations_) next = std::min(next, revocation.until);
  return next;
}

// ---- On the reader's thread ----

void Run::opened() { mailbox_.post(Opened{}); }

std::optional<SafePosition> Run::partition_revoked(PartitionId id) {
  std::promise<std::optional<SafePosition>> safe;
  auto answer = safe.get_future();
  mailbox_.post(Revoked{id, std::move(safe)});
  // Nobody reads the mailbox any more once the run has ended.
  while (answer.wait_for(milliseconds(10)) != std::future_status::ready)
    if (ended_) return std::nullopt;
  return answer.get();
}

void Run::chunk_read(std::uint64_t number, Chunk chunk) { to_handle_.push({number, std::move(chunk)}); }

void Run::reading_ended(std::uint64_t chunks, Result<void> why) {
  mailbox_.post(ReadingEnded{chunks, std::move(why)});
}

void Run::source_trouble(const std::string& reason) { mailbox_.post(SourceTrouble{reason}); }

// ---- Any thread ----

void Run::drain() {
  give_up_ = true;
  mailbox_.post(Drain{});
}

void Run::halt() {
  give_up_ = true;
  mailbox_.post(Halt{});
}

PipelineStatus Run::status() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

}  // namespace sluice::engine
