// One run of a pipeline, from its start to its end: prepares the parts, starts the threads, drives the
// conductor, and brings all to an orderly end. Pipeline (pipeline.hpp) owns it and is what others see.
//
// Threads: everything here runs on the conductor's thread unless it says otherwise; the reader, workers,
// writers and the bookkeeper only post messages.
#pragma once

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "pipeline/bookkeeper.hpp"
#include "pipeline/conductor.hpp"
#include "pipeline/flow_control.hpp"
#include "pipeline/mailbox.hpp"
#include "pipeline/pipeline.hpp"
#include "pipeline/reader.hpp"
#include "pipeline/worker.hpp"
#include "pipeline/writer.hpp"

namespace sluice::engine {

class Run final : private ReaderEvents {
 public:
  Run(PipelineParts& parts, const PipelineSettings& settings, const Clock& clock, PipelineObserver* observer);
  ~Run() override;

  // From start to end; true when nothing was left unfinished but what waits.
  bool operator()();

  // Any thread.
  void drain();
  void halt();
  [[nodiscard]] PipelineStatus status() const;

 private:
  // ---- Messages to the conductor's thread ----
  struct Assigned {
    PartitionId id;
    TopicPartition partition;
    Progress start;
    std::vector<LetterRecord> letters;
    std::optional<PositionRecord> recorded;  // what it starts from, if that is another share's record
  };
  struct Revoked {
    PartitionId id;
    std::promise<std::optional<SafePosition>> safe;
  };
  struct Handled {
    std::unique_ptr<HandledChunk> chunk;
  };
  struct WrittenBy {
    std::size_t target;
    std::size_t writer;
    WrittenBatch written;
  };
  struct ReadingEnded {
    std::uint64_t chunks;
    Result<void> why;
  };
  struct Opened {};
  struct SourceTrouble {
    std::string reason;
  };
  struct Drain {};
  struct Halt {};
  using Message = std::variant<Assigned, Revoked, Handled, WrittenBy, Bookkeeper::Written, ReadingEnded,
                               Opened, SourceTrouble, Drain, Halt>;

  struct ChunkToHandle {
    std::uint64_t number;
    Chunk chunk;
  };
  struct Out {
    const Batch* batch = nullptr;  // null: the writer is idle
    Timestamp since{};
  };
  struct TargetThreads {
    std::string name;
    std::vector<std::unique_ptr<Writer>> writers;
    std::vector<std::size_t> idle;
    std::vector<Out> out;  // one for each writer
  };
  struct Revocation {
    PartitionId id;
    std::promise<std::optional<SafePosition>> safe;
    Instant until;
  };

  // run.cpp: the loop
  void loop();
  void dispatch(Message& message);
  void on(Assigned& message);
  void on(Revoked& message);
  void on(Handled& message);
  void on(WrittenBy& message);
  void on(Bookkeeper::Written& message);
  void on(ReadingEnded& message);
  void on(Opened& message);
  void on(SourceTrouble& message);
  void on(Drain& message);
  void on(Halt& message);
  void hand_out();
  void keep_books(bool at_once);
  void answer_revocations();
  void report();
  [[nodiscard]] bool finished();
  [[nodiscard]] Instant deadline() const;
  [[nodiscard]] ConductorSettings conductor_settings() const;

  // run_start.cpp: getting ready, and the end
  [[nodiscard]] bool prepare();
  [[nodiscard]] bool prepare_until_possible(const std::string& what,
                                            const std::function<Result<void>()>& step);
  [[nodiscard]] bool breaker_allows();
  [[nodiscard]] bool make_instances();
  void start_threads();
  void start_writers();
  void end_threads();
  void settle_accounts();
  void end_with(PipelineState state, Code code, const std::string& reason);
  void set_state(PipelineState state);
  void publish();
  void describe_writers(PipelineStatus& status) const;

  // On the reader's thread; run_assign.cpp: what the journal knows of a partition
  [[nodiscard]] Result<void> ask_journal(const std::function<Result<void>()>& question);
  void opened() override;
  Result<std::optional<PositionRecord>> recorded_position(const TopicPartition& partition) override;
  Result<void> partition_assigned(PartitionId id, const TopicPartition& partition, const Progress& start,
                                  const std::optional<PositionRecord>& recorded) override;
  std::optional<SafePosition> partition_revoked(PartitionId id) override;
  void chunk_read(std::uint64_t number, Chunk chunk) override;
  void reading_ended(std::uint64_t chunks, Result<void> why) override;
  void source_trouble(const std::string& reason) override;

  PipelineParts& parts_;
  const PipelineSettings& settings_;
  const Clock& clock_;
  PipelineObserver* observer_;
  Journal* journal_ = nullptr;

  Router router_;
  KeyWatch keys_;
  WorkerPlan plan_;
  Conductor conductor_;
  FlowControl flow_;
  Mailbox<Message> mailbox_;

  std::vector<std::unique_ptr<Worker>> worker_instances_;
  std::vector<std::vector<std::unique_ptr<Sink>>> sink_instances_;
  WorkList<ChunkToHandle> to_handle_;
  std::vector<std::thread> workers_;
  std::vector<TargetThreads> targets_;
  std::unique_ptr<Bookkeeper> bookkeeper_;
  std::unique_ptr<Reader> reader_;

  std::map<PartitionId, SafeMark> unsaved_;  // positions that moved since they were last saved
  std::map<PartitionId, SafeMark> saving_;
  Instant handed_out_{};
  Attempts letters_;
  Attempts position_saves_;
  bool letters_out_ = false;
  bool positions_out_ = false;
  Instant next_save_{};
  Instant next_publish_{};
  std::vector<Revocation> revocations_;

  std::optional<Instant> drain_until_;
  std::optional<std::uint64_t> chunks_in_all_;  // once reading has ended
  std::uint64_t chunks_taken_ = 0;
  bool halted_ = false;
  bool complete_ = true;
  std::optional<Retrying> source_retrying_;
  std::atomic<bool> give_up_{false};  // ends what is retried at the start
  std::atomic<bool> ended_{false};    // the mailbox is not read any more

  mutable std::mutex mutex_;  // guards published_
  PipelineStatus published_;
  PipelineState state_ = PipelineState::starting;
  Code end_code_ = Code::internal;
  std::string end_reason_;
  std::optional<Retrying> start_retrying_;
};

}  // namespace sluice::engine
