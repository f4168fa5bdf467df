#include "memory/source.hpp"

#include <algorithm>

#include "base/arena.hpp"

namespace sluice::engine::memory {

void Log::change(const TopicPartition& partition, const std::function<void(Partition&)>& how) {
  {
    const std::lock_guard lock(mutex_);
    how(partitions_[partition]);
    ++version_;
  }
  changed_.notify_all();
}

Position Log::append(const TopicPartition& partition, LogRecord record) {
  Position position;
  auto shared = std::make_shared<const LogRecord>(std::move(record));
  change(partition, [&](Partition& to) {
    position = to.end;
    to.entries.push_back({position, std::move(shared)});
    to.end = position.next();
  });
  return position;
}

void Log::add(const TopicPartition& partition) {
  change(partition, [](Partition&) {});
}

void Log::leave_gap(const TopicPartition& partition, std::int64_t positions) {
  change(partition, [&](Partition& in) { in.end.value += positions; });
}

void Log::assign(const TopicPartition& partition, Member member) {
  change(partition, [&](Partition& given) { given.owner = member; });
}

void Log::revoke(const TopicPartition& partition) { assign(partition, nobody); }

void Log::fail_with(std::optional<Error> error) {
  {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
    ++version_;
  }
  changed_.notify_all();
}

void Log::fail_commits_with(std::optional<Error> error) {
  const std::lock_guard lock(mutex_);
  commit_error_ = std::move(error);
}

void Log::finish() {
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    ++version_;
  }
  changed_.notify_all();
}

void Log::recreate() {
  {
    const std::lock_guard lock(mutex_);
    for (auto& [name, partition] : partitions_) {
      const Member owner = partition.owner;
      partition = {};
      partition.owner = owner;
    }
    ++generation_;
    ++version_;
  }
  changed_.notify_all();
}

void Log::exchange(const TopicPartition& partition, const LogRecord& record) {
  change(partition, [shared = std::make_shared<const LogRecord>(record)](Partition& in) {
    for (Entry& entry : in.entries) entry.record = shared;
  });
}

void Log::forget_commits() {
  const std::lock_guard lock(mutex_);
  for (auto& [name, partition] : partitions_) partition.committed.reset();
}

std::optional<Progress> Log::committed(const TopicPartition& partition) const {
  const std::lock_guard lock(mutex_);
  const auto found = partitions_.find(partition);
  return found == partitions_.end() ? std::nullopt : found->second.committed;
}

Position Log::end(const TopicPartition& partition) const {
  const std::lock_guard lock(mutex_);
  const auto found = partitions_.find(partition);
  return found == partitions_.end() ? Position{} : found->second.end;
}

namespace {

struct LogChunk final : ChunkMemory {
  std::vector<std::shared_ptr<const LogRecord>> records;
  Arena arena;
};

std::span<const Header> borrow_headers(const LogRecord& record, Arena& arena) {
  const std::span<Header> headers = arena.array<Header>(record.headers.size());
  for (std::size_t i = 0; i < headers.size(); ++i)
    headers[i] = {record.headers[i].first, record.headers[i].second};
  return headers;
}

}  // namespace

class LogSource final : public Source {
 public:
  LogSource(std::shared_ptr<Log> log, LogSourceSettings settings)
      : log_(std::move(log)), settings_(settings) {}

  [[nodiscard]] Result<void> open(PartitionListener& listener) override {
    const std::lock_guard lock(log_->mutex_);
    if (log_->error_) return *log_->error_;
    listener_ = &listener;
    generation_ = log_->generation_;
    return {};
  }

  [[nodiscard]] Result<Polled> poll(milliseconds timeout) override {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
      Result<void> settled = take_and_give_up_partitions();
      if (!settled) return settled.error();
      std::unique_lock lock(log_->mutex_);
      if (log_->error_) return *log_->error_;
      if (log_->generation_ != generation_)
        return Error{Code::source_recreated, "the log in memory was recreated while it was read"};
      Chunk chunk = read();
      if (!chunk.records.empty()) return Polled(std::move(chunk));
      if (log_->finished_ && all_read()) return Polled(Finished{});
      const std::uint64_t seen = log_->version_;
      if (!log_->changed_.wait_until(lock, deadline, [&] { return log_->version_ != seen; }))
        return Polled(Idle{});
    }
  }

  void pause(PartitionId partition) override { set_paused(partition, true); }
  void resume(PartitionId partition) override { set_paused(partition, false); }

  [[nodiscard]] Result<void> commit(std::span<const SafePosition> positions) override {
    const std::lock_guard lock(log_->mutex_);
    if (log_->error_) return *log_->error_;
    if (log_->commit_error_) return *log_->commit_error_;
    for (const SafePosition& position : positions) commit_locked(position);
    return {};
  }

  [[nodiscard]] Result<PositionCheck> check(PartitionId partition, Position last) override {
    const std::lock_guard lock(log_->mutex_);
    if (log_->error_) return *log_->error_;
    PositionCheck check;
    const Held* held = find(partition);
    if (held == nullptr) return check;
    const Log::Partition& from = log_->partitions_[held->name];
    check.end = from.end;
    for (const Log::Entry& entry : from.entries) {
      if (entry.position != last) continue;
      Record record;
      record.key = entry.record->key;
      record.value = entry.record->value;
      check.checksum = record_checksum(record);
    }
    return check;
  }

  [[nodiscard]] std::optional<Position> end(PartitionId partition) override {
    const Held* held = find(partition);
    if (held == nullptr) return std::nullopt;
    return log_->end(held->name);
  }

  [[nodiscard]] Result<PartitionRanges> ranges() override {
    const std::lock_guard lock(log_->mutex_);
    if (log_->error_) return *log_->error_;
    PartitionRanges ranges;
    for (const auto& [name, partition] : log_->partitions_) ranges[name] = {Position{0}, partition.end};
    return ranges;
  }

 private:
  struct Held {
    PartitionId id;
    TopicPartition name;
    Position next;
    bool paused = false;
  };

  // The listener is called without the lock: it may block until others, who may append, have finished.
  [[nodiscard]] Result<void> take_and_give_up_partitions() {
    struct Wanted {
      TopicPartition name;
      std::optional<Progress> committed;
    };
    std::vector<Wanted> wanted;
    {
      const std::lock_guard lock(log_->mutex_);
      if (log_->error_) return {};
      for (const auto& [name, partition] : log_->partitions_)
        if (partition.owner == settings_.member) wanted.push_back({name, partition.committed});
    }
    const auto is_wanted = [&](const TopicPartition& name) {
      return std::any_of(wanted.begin(), wanted.end(), [&](const Wanted& one) { return one.name == name; });
    };
    for (std::size_t i = 0; i < held_.size();) {
      if (is_wanted(held_[i].name)) {
        ++i;
        continue;
      }
      const std::optional<SafePosition> safe = listener_->revoked(held_[i].id);
      if (safe) {
        const std::lock_guard lock(log_->mutex_);
        commit_locked(*safe);
      }
      held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (const Wanted& one : wanted) {
      const auto has = [&](const Held& held) { return held.name == one.name; };
      if (std::any_of(held_.begin(), held_.end(), has)) continue;
      const PartitionId id{next_id_++};
      held_.push_back(
          {id, one.name, one.committed.value_or(Progress{}).next});  // check() may be asked meanwhile
      Result<std::optional<Progress>> start = listener_->assigned(id, one.name, one.committed);
      if (!start) return start.error();
      if (*start) held_.back().next = (*start)->next;
    }
    return {};
  }

  // With the lock. One partition after the other, in turn, so that none starves.
  [[nodiscard]] Chunk read() {
    auto memory = std::make_unique<LogChunk>();
    Chunk chunk;
    chunk.polled = clock_.wall();
    for (std::size_t i = 0; i < held_.size() && chunk.records.size() < settings_.chunk_records; ++i)
      read_partition(held_[(turn_ + i) % held_.size()], chunk, *memory);
    ++turn_;
    chunk.memory = std::move(memory);
    return chunk;
  }

  void read_partition(Held& held, Chunk& chunk, LogChunk& memory) {
    if (held.paused) return;
    const std::vector<Log::Entry>& entries = log_->partitions_[held.name].entries;
    auto entry = std::lower_bound(entries.begin(), entries.end(), held.next,
                                  [](const Log::Entry& one, Position at) { return one.position < at; });
    for (; entry != entries.end() && chunk.records.size() < settings_.chunk_records; ++entry) {
      const LogRecord& from = *memory.records.emplace_back(entry->record);
      Record& record = chunk.records.emplace_back();
      record.partition = held.id;
      record.partition_number = held.name.partition;
      record.position = entry->position;
      record.topic = memory.arena.copy(held.name.topic);
      record.key = from.key;
      record.value = from.value;
      record.headers = borrow_headers(from, memory.arena);
      record.timestamp = from.timestamp;
      record.timestamp_kind = from.timestamp_kind;
      chunk.bytes += size_of(record);
      held.next = entry->position.next();
    }
  }

  [[nodiscard]] bool all_read() {
    return std::all_of(held_.begin(), held_.end(), [&](const Held& held) {
      const std::vector<Log::Entry>& entries = log_->partitions_[held.name].entries;
      return entries.empty() || entries.back().position < held.next;
    });
  }

  void commit_locked(const SafePosition& position) {
    const Held* held = find(position.partition);
    if (held != nullptr) log_->partitions_[held->name].committed = position.settled;
  }

  void set_paused(PartitionId partition, bool paused) {
    for (Held& held : held_)
      if (held.id == partition) held.paused = paused;
  }

  [[nodiscard]] const Held* find(PartitionId partition) const {
    for (const Held& held : held_)
      if (held.id == partition) return &held;
    return nullptr;
  }

  std::shared_ptr<Log> log_;
  LogSourceSettings settings_;
  SystemClock clock_;
  PartitionListener* listener_ = nullptr;
  std::vector<Held> held_;
  std::uint32_t next_id_ = 0;
  std::size_t turn_ = 0;
  std::uint64_t generation_ = 0;
};

std::unique_ptr<Source> make_source(std::shared_ptr<Log> log, LogSourceSettings settings) {
  return std::make_unique<LogSource>(std::move(log), settings);
}

}  // namespace sluice::engine::memory
