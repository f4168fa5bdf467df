#include "pipeline/reader.hpp"

#include <algorithm>

#include "base/thread_name.hpp"
#include "pipeline/backoff.hpp"
#include "pipeline/start_position.hpp"

namespace sluice::engine {
namespace {

constexpr milliseconds poll_time{20};
constexpr unsigned polls_between_figures = 32;
// A source that is out of reach is still polled: a client mends its connections by itself, and a consumer
// group takes a member for dead that is not heard of.
constexpr microseconds longest_rest{1'000'000};
constexpr milliseconds paused_poll_time{2};  // full: look often whether there is room again
constexpr milliseconds end_poll_time{5};     // nothing is wanted any more
constexpr milliseconds commit_again{500};    // after a failure

}  // namespace

Reader::Reader(Source& source, Settings settings, FlowControl& flow, ReaderEvents& events)
    : source_(source),
      settings_(std::move(settings)),
      flow_(flow),
      events_(events),
      witnesses_(settings_.witness_interval) {}

Reader::~Reader() { stop(); }

void Reader::start() {
  thread_ = std::thread([this] { run(); });
}

void Reader::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Reader::commit(std::vector<SafePosition> positions) {
  const std::lock_guard lock(mutex_);
  to_commit_.insert(to_commit_.end(), positions.begin(), positions.end());
}

std::map<PartitionId, Position> Reader::ends() const {
  const std::lock_guard lock(mutex_);
  return ends_;
}

SourceFigures Reader::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

Witness Reader::witness(PartitionId partition) const {
  const std::lock_guard lock(mutex_);
  return witnesses_.of(partition);
}

Attempts Reader::commits() const {
  const std::lock_guard lock(mutex_);
  return commits_;
}

void Reader::run() {
  name_this_thread("reader");
  if (open()) serve();
  commit_pending();
  source_.close();
}

// Until it is open: true; false when it never will be, or nobody wants it any more.
bool Reader::open() {
  while (reading_ && !stopping_) {
    auto opened = source_.open(*this);
    if (opened) {
      failures_ = 0;
      events_.source_trouble({});
      if (!starts_hold()) return true;  // ended, but the source is served until we are stopped
      events_.opened();
      return true;
    }
    if (opened.error().code != Code::source_unavailable) {
      end_reading(std::move(opened.error()));
      return false;
    }
    trouble(opened.error());
  }
  end_reading({});
  return false;
}

void Reader::serve() {
  while (!stopping_) {
    if (!reading_ && !ended_) {
      end_reading({});
      in_touch_ = true;
    }
    commit_pending();
    if (ended_) {
      in_touch_ ? stay_in_touch() : rest(end_poll_time);
      continue;
    }
    steer();
    poll();
    if (++polls_ % polls_between_figures != 0) continue;
    ask_for_figures();
    look_at_ends();
  }
  if (!ended_) end_reading({});
}

// What was read is not settled yet, which may take long. A group takes a member for dead that is not heard
// of, and its others wait for partitions that it does not give up. Records that still come are left for
// whoever reads on.
void Reader::stay_in_touch() {
  for (const PartitionId id : partitions_) source_.pause(id);
  if (auto polled = source_.poll(end_poll_time); !polled) in_touch_ = false;
}

void Reader::poll() {
  const bool full = flow_.full();
  auto polled = source_.poll(full ? paused_poll_time : poll_time);
  if (!polled) {
    if (polled.error().code == Code::source_unavailable) return trouble(polled.error());
    return end_reading(std::move(polled.error()));
  }
  if (failures_ > 0) {
    failures_ = 0;
    events_.source_trouble({});
  }
  if (!starts_hold()) return;
  if (auto* chunk = std::get_if<Chunk>(&*polled)) return take(std::move(*chunk));
  if (std::holds_alternative<Finished>(*polled)) return end_reading({});
  if (full) rest(paused_poll_time);  // a source with everything paused may answer at once
}

void Reader::take(Chunk chunk) {
  flow_.read(chunk);
  const auto look = [&] {
    const std::lock_guard lock(mutex_);
    return witnesses_.read(chunk, std::chrono::steady_clock::now());
  }();
  events_.chunk_read(chunks_++, std::move(chunk));
  look_at_ends();
  if (look) look_again(*look);
}

// Whether the log of a partition still is the one it was when its witness was read.
void Reader::look_again(const Witnesses::Look& look) {
  const auto found = source_.check(look.partition, look.known.witness.position);
  if (!found) return;  // not known just now: another time, with the same witness
  if (auto same = check_log(look.known, *found, settings_.pipeline); !same)
    return end_reading(std::move(same));
  const std::lock_guard lock(mutex_);
  witnesses_.passed(look);
}

// Also while nothing comes, now and then: a partition that was just assigned may have nothing to read.
void Reader::look_at_ends() {
  std::map<PartitionId, Position> ends;
  for (const PartitionId id : partitions_)
    if (const auto end = source_.end(id)) ends[id] = *end;
  const std::lock_guard lock(mutex_);
  ends_.swap(ends);
}

void Reader::ask_for_figures() {
  SourceFigures figures = source_.figures();
  const std::lock_guard lock(mutex_);
  figures_.swap(figures);
}

// Newly assigned partitions: whether their records still are the ones that were read.
bool Reader::starts_hold() {
  for (const auto& [id, record] : std::exchange(to_check_, {})) {
    const auto found = source_.check(id, record.witness.position);
    if (!found) continue;  // not known just now: looked at again as long as it has this witness
    if (auto same = check_log(record, *found, settings_.pipeline); !same) {
      end_reading(std::move(same));
      return false;
    }
  }
  return true;
}

void Reader::steer() {
  for (const FlowControl::Step& step : flow_.steps())
    step.pause ? source_.pause(step.partition) : source_.resume(step.partition);
}

void Reader::commit_pending() {
  std::vector<SafePosition> positions;
  {
    const std::lock_guard lock(mutex_);
    positions.swap(to_commit_);
  }
  // After a failure the source is asked again, even where nothing more comes: it may be well by now.
  const auto now = std::chrono::steady_clock::now();
  if (positions.empty() && (!commit_failed_ || now < next_commit_)) return;
  next_commit_ = now + commit_again;
  // What was not committed is committed with what comes next; the journal has it in any case.
  const auto committed = source_.commit(positions);
  if (!committed) events_.source_trouble(committed.error().message);
  if (committed && commit_failed_) events_.source_trouble({});
  commit_failed_ = !committed;
  if (positions.empty()) return;
  const std::lock_guard lock(mutex_);
  commits_.count(!commit_failed_);
}

void Reader::end_reading(Result<void> why) {
  ended_ = true;
  events_.reading_ended(chunks_, std::move(why));
}

void Reader::trouble(const Error& error) {
  events_.source_trouble(error.message);
  rest(std::min(backoff(settings_.retry, ++failures_, chunks_), longest_rest));
}

void Reader::rest(microseconds delay) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, delay, [this] { return stopping_.load(); });
}

Result<std::optional<Progress>> Reader::assigned(PartitionId id, const TopicPartition& partition,
                                                 std::optional<Progress> committed) {
  auto recorded = events_.recorded_position(partition);
  if (!recorded) return std::move(recorded.error());
  std::optional<PositionRecord>& record = *recorded;
  if (record) to_check_.emplace_back(id, *record);
  {
    const std::lock_guard lock(mutex_);
    witnesses_.add(id, partition, record ? record->witness : Witness{}, std::chrono::steady_clock::now());
  }
  std::optional<Progress> start = start_progress(record, committed);
  if (start && committed && start->next == committed->next) record.reset();
  flow_.add(id);
  partitions_.push_back(id);
  if (auto told = events_.partition_assigned(id, partition, start.value_or(Progress{}), record); !told)
    return std::move(told.error());
  return start;
}

std::optional<SafePosition> Reader::revoked(PartitionId id) {
  auto safe = events_.partition_revoked(id);
  flow_.remove(id);
  std::erase(partitions_, id);
  {
    const std::lock_guard lock(mutex_);
    witnesses_.remove(id);
  }
  std::erase_if(to_check_, [id](const auto& check) { return check.first == id; });
  return safe;
}

}  // namespace sluice::engine
