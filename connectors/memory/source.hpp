// A log in memory and the source that reads it, for tests: they append, move partitions about, and let it
// fail.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/source.hpp"

namespace sluice::engine::memory {

struct LogRecord {
  std::optional<std::string> key{};
  std::optional<std::string> value{};
  std::vector<std::pair<std::string, std::optional<std::string>>> headers{};
  Timestamp timestamp{};
  TimestampKind timestamp_kind = TimestampKind::none;
};

// Partitions of records, who reads each, and what was committed for it: broker and consumer group in one. All
// members are thread-safe, and what they change is seen by sources at their next or current poll().
class Log {
 public:
  using Member = int;

  // Appends, and makes the partition if it is new; new ones are member 0's.
  Position append(const TopicPartition& partition, LogRecord record);
  // Makes the partition if it is new.
  void add(const TopicPartition& partition);
  // Leaves out so many positions, as a broker does for markers and what it compacted.
  void leave_gap(const TopicPartition& partition, std::int64_t positions);

  void assign(const TopicPartition& partition, Member member);
  // Nobody's any more.
  void revoke(const TopicPartition& partition);

  // From now on open() and poll() return this error; until nothing is given again.
  void fail_with(std::optional<Error> error);
  // The same for commit() alone.
  void fail_commits_with(std::optional<Error> error);
  // Sources are finished once they have read everything.
  void finish();
  // All records and commits are gone, positions begin anew.
  void recreate();
  // Other records stand where the partition's were, as when a topic is deleted, made anew and filled between
  // two fetches: sources read on.
  void exchange(const TopicPartition& partition, const LogRecord& record);
  // As if the consumer group had expired, or were another one.
  void forget_commits();

  [[nodiscard]] std::optional<Progress> committed(const TopicPartition& partition) const;
  [[nodiscard]] Position end(const TopicPartition& partition) const;

 private:
  friend class LogSource;

  static constexpr Member nobody = -1;
  struct Entry {
    Position position;
    std::shared_ptr<const LogRecord> record;
  };
  struct Partition {
    std::vector<Entry> entries;
    Position end;
    Member owner = 0;
    std::optional<Progress> committed;
  };
  void change(const TopicPartition& partition, const std::function<void(Partition&)>& how);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t version_ = 0;  // of everything below
  std::map<TopicPartition, Partition> partitions_;
  std::optional<Error> error_;
  std::optional<Error> commit_error_;
  std::uint64_t generation_ = 0;
  bool finished_ = false;
};

struct LogSourceSettings {
  Log::Member member = 0;
  std::size_t chunk_records = 500;
};

// Starts each partition at what the listener says, else at what was committed, else at its beginning.
[[nodiscard]] std::unique_ptr<Source> make_source(std::shared_ptr<Log> log, LogSourceSettings settings = {});

}  // namespace sluice::engine::memory
