#include "instance.hpp"

#include <algorithm>

#include "documents/change_list.hpp"
#include "letters/letter_book.hpp"
#include "pipeline/start_position.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine::simulation {
namespace {

class FakeDecoder final : public Decoder {
 public:
  explicit FakeDecoder(const World& world) : world_(world) {}

  Result<Decoded> decode(const Record& record, Event& event) override {
    event.type = "Happened";
    if (world_.plan.broken != Broken::repeated_rows_apply)
      event.origin = world_.find(static_cast<int>(record.partition), record.position)->origin;
    return Decoded::event;
  }
  Result<bson::View> payload() override { return bson::View(); }

 private:
  const World& world_;
};

class FakeHandler final : public Handler {
 public:
  FakeHandler(const World& world, char name) : world_(world), name_(name), upgraded_(world.upgraded) {}
  Result<void> handle(const Event& event, PayloadSource&, ChangeList& changes) override {
    const auto partition = static_cast<int>(event.record->partition);
    if (!upgraded_ && world_.find(partition, event.record->position)->rejected)
      return Error{Code::handler_rejected, "rejected by plan"};
    return ask_for_changes(world_, name_, partition, event.record->position, changes);
  }

 private:
  const World& world_;
  char name_;
  bool upgraded_;
};

// The store as a broken engine would use it.
class BrokenSession final : public StoreSession {
 public:
  BrokenSession(std::unique_ptr<StoreSession> real, Broken broken)
      : real_(std::move(real)), broken_(broken) {}

  Result<void> write(std::span<const Write> writes, std::span<WriteResult> results) override {
    std::vector<Write> bent(writes.begin(), writes.end());
    std::deque<std::string> keys;
    for (Write& write : bent) {
      const std::string_view key = write.watermark_key;
      if (broken_ == Broken::group_checked_with_last) write.first = write.last;
      if (broken_ == Broken::key_without_handler)
        write.watermark_key = keys.emplace_back("same" + std::string(key.substr(key.rfind('_'))));
      if (broken_ == Broken::no_guard)
        write.watermark_key = keys.emplace_back("k" + std::to_string(++unique_));
    }
    auto written = real_->write(bent, results);
    for (WriteResult& result : results)
      if (broken_ == Broken::race_counts_as_applied && result.code == Code::store_conflict &&
          result.outcome == Outcome::retry)
        result.outcome = Outcome::applied;
    return written;
  }

 private:
  std::unique_ptr<StoreSession> real_;
  Broken broken_;
  std::uint64_t unique_ = 0;
};

}  // namespace

TopicPartition partition_name(int partition) { return {"log", partition}; }

Result<void> ask_for_changes(const World& world, char handler, int partition, Position position,
                             ChangeList& changes) {
  const LoggedEvent& event = *world.find(partition, position);
  const auto effects = event.effects.find(handler);
  if (effects == event.effects.end()) return {};
  for (const Effect& effect : effects->second) {
    bson::Writer writer;
    const bson::View values = writer.text("id", document_name(effect.document))
                                  .text("tag", tag(handler, partition, event.first))
                                  .int32("one", 1)
                                  .finish();
    const Operation operations[] = {{Operator::push, "ops", values.find("tag")},
                                    {Operator::inc, "count", values.find("one")}};
    Change change;
    change.document = {"documents", values.find("id"), 0};
    change.wait_until_exists = effect.waits;
    change.operations = operations;
    if (auto added = changes.add(change); !added) return added;
  }
  return {};
}

Instance::Instance(World& world, int partition, Share share)
    : world_(world),
      partition_(partition),
      share_(share),
      router_({{{},
                [&] {
                  std::vector<std::size_t> all(world.handlers.size());
                  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
                  return all;
                }(),
                {},
                false}},
              Otherwise::dead_letter) {
  ConductorSettings settings;
  settings.pipeline = pipeline_id;
  settings.targets.push_back(
      {"store", {static_cast<std::size_t>(1 + world.below(6)), 1U << 20U, {}}, {}, true});
  settings.breaker.ratio = 0;
  settings.seed = world.random();
  std::vector<std::unique_ptr<Handler>> handlers;
  for (const char name : world.handlers) {
    handler_names_.emplace_back(1, name);
    handlers.push_back(std::make_unique<FakeHandler>(world, name));
    const auto patience = world.plan.zombies ? std::chrono::hours(24) : std::chrono::seconds(1);
    settings.handlers.push_back({handler_names_.back(), patience});
  }
  plan_.router = &router_;
  plan_.handler_names = handler_names_;
  if (world.plan.broken != Broken::shares_by_event) plan_.share = share;
  worker_ = std::make_unique<Worker>(plan_, std::make_unique<FakeDecoder>(world), std::move(handlers));
  conductor_ = std::make_unique<Conductor>(std::move(settings));
  session_ = std::make_unique<BrokenSession>(world.store.open_session(), world.plan.broken);

  Journal& journal = world.store.journal();
  const auto positions = journal.positions(pipeline_id);
  const auto start = start_record(*positions, partition_name(partition), share);
  Position from = start ? start->next : Position{0};
  const bool remembered = start && world.plan.broken != Broken::origins_forgotten;
  const Origins origins = remembered ? start->origins : Origins();
  if (world.plan.broken == Broken::new_layout_starts_at_most)
    for (const PositionRecord& record : *positions)
      if (record.partition == partition_name(partition)) from = std::max(from, record.next);
  const auto& events = world.log[static_cast<std::size_t>(partition)];
  while (next_ < events.size() && events[next_].position < from) ++next_;
  std::vector<LetterRecord> letters;
  if (world.plan.broken != Broken::intents_forgotten)
    letters = *journal.letters_from(pipeline_id, partition_name(partition), from);
  conductor_->assign(PartitionId(static_cast<std::uint32_t>(partition)), partition_name(partition),
                     {from, origins}, std::move(letters));
}

void Instance::step() {
  const double what = std::uniform_real_distribution<>(0, 1)(world_.random);
  if (what < .35) return read();
  if (what < .6) return take_batch();
  if (what < .85) return execute();
  if (what < .93) return write_letters();
  commit();
}

void Instance::read() {
  const auto& events = world_.log[static_cast<std::size_t>(partition_)];
  if (next_ == events.size() || conductor_->unfinished() > 12) return;
  Chunk chunk;
  for (int n = 1 + world_.below(4); n > 0 && next_ < events.size(); --n, ++next_) {
    const Position position = events[next_].position;
    const bool others = world_.plan.broken == Broken::shares_by_event &&
                        static_cast<std::uint64_t>(position.value) % share_.of != share_.index;
    if (others) continue;
    Record record;
    record.partition = PartitionId(static_cast<std::uint32_t>(partition_));
    record.position = position;
    record.topic = "log";
    record.value = "{}";
    chunk.records.push_back(record);
  }
  conductor_->take(worker_->handle(chunks_++, std::move(chunk)), world_.now, world_.wall());
  conductor_->forget_settled();
}

void Instance::take_batch() {
  conductor_->tick(world_.now);
  if (auto batch = conductor_->next_batch(0, world_.now)) out_.push_back(std::move(batch));
  conductor_->forget_settled();
}

// Any of the batches that are out: several writers finish in any order.
void Instance::execute() {
  if (out_.empty()) return;
  const auto chosen = out_.begin() + world_.below(static_cast<int>(out_.size()));
  WrittenBatch written;
  written.batch = std::move(*chosen);
  out_.erase(chosen);
  written.results.resize(written.batch->size());
  written.reached = session_->write(written.batch->writes, written.results);
  conductor_->finish(std::move(written), world_.now, world_.wall());
  conductor_->forget_settled();
}

// Intent, letter and acknowledgement are three steps; the process may die between any two.
void Instance::write_letters() {
  if (letters_.empty()) {
    letters_ = conductor_->next_letters(world_.now);
    if (letters_.empty()) return;
    if (world_.plan.broken == Broken::letter_counts_too_early) {
      conductor_->letters_done(letters_, {}, world_.now, world_.wall());
      conductor_->forget_settled();
      return;
    }
    std::vector<LetterRecord> intents;
    for (const DeadLetter& letter : letters_)
      for (LetterRecord& record : to_records(letter, Disposition::intended))
        intents.push_back(std::move(record));
    if (!world_.store.journal().save_letters(pipeline_id, intents)) return;
    return;
  }
  if (!world_.letters.write(letters_)) return;
  std::vector<DeadLetter> written;
  written.swap(letters_);
  if (world_.plan.broken == Broken::letter_counts_too_early) return;
  const bool acknowledged = !world_.chance(.2);
  const Result<void> lost = Error{Code::dead_letters_unavailable, "the acknowledgement was lost"};
  conductor_->letters_done(std::move(written), acknowledged ? Result<void>() : lost, world_.now,
                           world_.wall());
  conductor_->forget_settled();
}

PositionRecord Instance::position_record(const Progress& settled) const {
  PositionRecord record;
  record.partition = partition_name(partition_);
  record.share = share_;
  record.next = settled.next;
  record.origins = settled.origins;
  return record;
}

void Instance::commit() {
  if (!owner_) return;
  std::vector<PositionRecord> records;
  if (const auto mark = conductor_->position(PartitionId(static_cast<std::uint32_t>(partition_))))
    records.push_back(position_record(mark->settled));
  if (world_.plan.broken == Broken::newest_position_committed && next_ > 0)
    records.assign(
        1, position_record({world_.log[static_cast<std::size_t>(partition_)][next_ - 1].position.next()}));
  if (!world_.store.journal().save_positions(pipeline_id, records)) return;
}

bool Instance::finished() const {
  const bool read_all = next_ == world_.log[static_cast<std::size_t>(partition_)].size();
  return read_all && conductor_->unfinished() == 0 && letters_.empty();
}

std::string Instance::describe() const {
  PipelineStatus status;
  conductor_->describe(status, world_.now, world_.wall());
  const TargetStatus& store = status.targets.front();
  return "partition " + std::to_string(partition_) + ": " + std::to_string(conductor_->unfinished()) +
         " unfinished, " + std::to_string(store.queued) + " queued, " + std::to_string(store.in_flight) +
         " in flight, " + std::to_string(store.waiting) + " waiting, " + std::to_string(letters_.size()) +
         " letters out";
}

}  // namespace sluice::engine::simulation
