// One process of the simulation: a real Worker and a real Conductor over one partition, driven step by step.
// It dies by being destroyed, with all it has not made durable; or it is replaced and goes on as a zombie.
#pragma once

#include <deque>
#include <memory>

#include "pipeline/conductor.hpp"
#include "pipeline/worker.hpp"
#include "world.hpp"

namespace sluice::engine::simulation {

class Instance {
 public:
  Instance(World& world, int partition, Share share);

  // Does one thing that it could do, at random.
  void step();
  void commit();
  // Everything read and nothing unfinished.
  [[nodiscard]] bool finished() const;
  // Another one has its partition now: it may still write, but commits no more.
  void replace() noexcept { owner_ = false; }
  [[nodiscard]] std::string describe() const;
  [[nodiscard]] int partition() const noexcept { return partition_; }
  [[nodiscard]] Share share() const noexcept { return share_; }

 private:
  void read();
  void take_batch();
  void execute();
  void write_letters();
  [[nodiscard]] PositionRecord position_record(const Progress& settled) const;

  World& world_;
  int partition_;
  Share share_;
  bool owner_ = true;
  std::vector<std::string> handler_names_;
  Router router_;
  WorkerPlan plan_;
  std::unique_ptr<Worker> worker_;
  std::unique_ptr<Conductor> conductor_;
  std::unique_ptr<StoreSession> session_;
  std::uint64_t chunks_ = 0;
  std::size_t next_ = 0;  // index in the log
  std::deque<std::unique_ptr<Batch>> out_;
  std::vector<DeadLetter> letters_;  // handed out, not yet written
};

[[nodiscard]] TopicPartition partition_name(int partition);
inline constexpr std::string_view pipeline_id = "simulated";

// The changes of one handler for one event: what the fake handler asks for, and what a replay must apply.
[[nodiscard]] Result<void> ask_for_changes(const World& world, char handler, int partition, Position position,
                                           ChangeList& changes);

}  // namespace sluice::engine::simulation
