// On the reader's thread, when a partition becomes ours: what the journal knows of it. Read each time and not
// once at the start, since another instance may have had the partition meanwhile.
#include <thread>

#include "pipeline/backoff.hpp"
#include "pipeline/run.hpp"
#include "pipeline/start_position.hpp"

namespace sluice::engine {

Result<std::optional<PositionRecord>> Run::recorded_position(const TopicPartition& partition) {
  std::optional<PositionRecord> record;
  const auto read = [&]() -> Result<void> {
    const auto positions = journal_->positions(settings_.id);
    if (!positions) return positions.error();
    record = start_record(*positions, partition, settings_.share);
    return {};
  };
  if (auto asked = ask_journal(read); !asked) return asked.error();
  return record;
}

Result<void> Run::partition_assigned(PartitionId id, const TopicPartition& partition, const Progress& start,
                                     const std::optional<PositionRecord>& recorded) {
  Assigned message{id, partition, start, {}, {}};
  const auto read = [&]() -> Result<void> {
    auto letters = journal_->letters_from(settings_.id, partition, start.next);
    if (!letters) return letters.error();
    message.letters = std::move(*letters);
    return {};
  };
  if (auto asked = ask_journal(read); !asked) return asked;
  if (recorded && recorded->share != settings_.share) message.recorded = recorded;
  mailbox_.post(std::move(message));
  return {};
}

// Until it answers; without a journal nothing is known.
Result<void> Run::ask_journal(const std::function<Result<void>()>& question) {
  if (journal_ == nullptr) return {};
  for (unsigned failures = 1;; ++failures) {
    auto answered = question();
    if (answered || answered.error().code != Code::store_unavailable) {
      if (failures > 1) source_trouble({});
      return answered;
    }
    if (give_up_ || ended_) return Error{Code::source_unavailable, answered.error().message};
    source_trouble("the journal is out of reach: " + answered.error().message);
    const Instant until = clock_.now() + backoff(settings_.retry, failures, failures);
    while (!give_up_ && !ended_ && clock_.now() < until) std::this_thread::sleep_for(milliseconds(5));
  }
}

}  // namespace sluice::engine
