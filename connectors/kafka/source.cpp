#include "kafka/source.hpp"

#include <algorithm>
#include <thread>

#include "kafka/beside_group.hpp"
#include "kafka/consumer.hpp"
#include "kafka/examine.hpp"
#include "kafka/probe.hpp"
#include "kafka/record.hpp"

namespace sluice::engine::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t chunk_records = 512;
constexpr std::size_t chunk_bytes = std::size_t{512} << 10U;
constexpr milliseconds patience_when_full{500};
constexpr milliseconds look_bound{100};

struct KafkaChunk final : ChunkMemory {
  explicit KafkaChunk(Client from) : client(std::move(from)) {}

  Client client;
  std::vector<Message> messages;
  Arena arena;  // headers
};

class KafkaSource final : public Source {
 public:
  KafkaSource(SourceSettings settings, Conf conf) : settings_(std::move(settings)), conf_(std::move(conf)) {}

  [[nodiscard]] Result<void> open(PartitionListener& listener) override {
    listener_ = &listener;
    consumer_.reset();
    auto opened = Consumer::open(settings_, *conf_, listener, membership_);
    if (!opened) return opened.error();
    consumer_ = std::move(*opened);
    return {};
  }

  [[nodiscard]] Result<Polled> poll(milliseconds timeout) override {
    probe_.reset();
    if (auto ready = get_ready(); !ready) return ready.error();
    if (keep_still()) {
      std::this_thread::sleep_for(timeout);
      return Polled(Idle{});
    }
    const auto deadline = SteadyClock::now() + timeout;
    for (;;) {
      const auto left = std::chrono::ceil<milliseconds>(deadline - SteadyClock::now());
      if (Message first = consumer_->next(std::max(left, milliseconds(0)))) {
        Chunk chunk = gather(std::move(first));
        if (!chunk.records.empty()) return Polled(std::move(chunk));
      }
      if (consumer_->failure()) return *consumer_->failure();
      if (SteadyClock::now() >= deadline) return Polled(Idle{});
    }
  }

  void pause(PartitionId partition) override { want(partition, true); }
  void resume(PartitionId partition) override { want(partition, false); }

  [[nodiscard]] Result<void> commit(std::span<const SafePosition> positions) override {
    if (!consumer_) return {};  // they were given up, and committed, with their partitions
    consumer_->commit(positions);
    if (const auto& trouble = consumer_->commit_trouble()) return *trouble;
    return {};
  }

  void close() override {
    probe_.reset();
    consumer_.reset();
  }

  [[nodiscard]] Result<PositionCheck> check(PartitionId partition, Position last) override {
    const Assignment::Held* held = consumer_ ? consumer_->assignment().find(partition) : nullptr;
    if (held == nullptr) return PositionCheck{};
    const auto ends = consumer_->ends(held->name);
    if (!ends) return ends.error();
    PositionCheck check{.end = ends->second, .checksum = std::nullopt};
    if (last < ends->first || last >= ends->second) return check;
    if (!probe_) {
      auto made = Probe::make(*conf_);
      if (!made) return made.error();
      probe_.emplace(std::move(*made));
    }
    auto checksum = probe_->checksum(held->name, last);
    if (!checksum) return checksum.error();
    check.checksum = *checksum;
    return check;
  }

  [[nodiscard]] std::optional<Position> end(PartitionId partition) override {
    const Assignment::Held* held = consumer_ ? consumer_->assignment().find(partition) : nullptr;
    return held == nullptr ? std::nullopt : consumer_->end(held->name);
  }

  [[nodiscard]] SourceFigures figures() const override {
    return consumer_ ? consumer_->figures() : SourceFigures{};
  }

  [[nodiscard]] Result<PartitionRanges> ranges() override { return ask_ranges(settings_, *conf_); }

  [[nodiscard]] Result<void> move(const std::map<TopicPartition, Position>& to) override {
    return move_group(settings_, *conf_, to);
  }

 private:
  // Replaces a consumer that cannot go on, and finds out whether brokers that were away are back. An error
  // when nothing shall be read any more, also of partitions that are well.
  [[nodiscard]] Result<void> get_ready() {
    if (consumer_ && consumer_->broken()) {
      consumer_->give_up_partitions();
      consumer_.reset();
    }
    if (!consumer_) return open(*listener_);
    consumer_->look_again(look_bound);
    const auto& failure = consumer_->failure();
    if (failure && failure->code != Code::source_unavailable) return *failure;
    return {};
  }

  // Whether nothing is wanted for so short a time that the client need not know.
  [[nodiscard]] bool keep_still() {
    if (consumer_->assignment().all_to_be_paused()) {
      const auto now = SteadyClock::now();
      if (!still_since_) still_since_ = now;
      if (now - *still_since_ < patience_when_full) return true;
    } else {
      still_since_.reset();
    }
    consumer_->apply_pauses();
    return false;
  }

  void want(PartitionId partition, bool pause) {
    if (!consumer_) return;
    if (Assignment::Held* held = consumer_->assignment().find(partition)) held->pause = pause;
  }

  // The message and what is there behind it.
  [[nodiscard]] Chunk gather(Message message) {
    auto memory = std::make_unique<KafkaChunk>(consumer_->client());
    memory->messages.reserve(usual_records_);
    Chunk chunk;
    chunk.polled = clock_.wall();
    chunk.records.reserve(usual_records_);
    const unsigned losses = consumer_->losses();
    do {
      add(std::move(message), chunk, *memory);
      if (chunk.records.size() >= chunk_records || chunk.bytes >= chunk_bytes) break;
      message = consumer_->next(milliseconds(0));
    } while (message);
    if (losses != consumer_->losses()) drop_lost(chunk);
    usual_records_ = chunk.records.size();
    chunk.memory = std::move(memory);
    return chunk;
  }

  void add(Message message, Chunk& chunk, KafkaChunk& memory) {
    Assignment::Held* held = consumer_->assignment().holder(*message);
    if (held == nullptr) return;
    Assignment::handed_on(*held, message->offset);
    Record& record = chunk.records.emplace_back();
    record.partition = held->id;
    fill(record, *message, memory.arena);
    chunk.bytes += size_of(record);
    memory.messages.push_back(std::move(message));
  }

  // Of partitions that were taken away while the chunk was gathered nothing may be handed on.
  void drop_lost(Chunk& chunk) {
    std::erase_if(chunk.records, [this](const Record& record) {
      return consumer_->assignment().find(record.partition) == nullptr;
    });
    chunk.bytes = 0;
    for (const Record& record : chunk.records) chunk.bytes += size_of(record);
  }

  SourceSettings settings_;
  Conf conf_;
  SystemClock clock_;
  PartitionListener* listener_ = nullptr;
  Membership membership_;
  std::unique_ptr<Consumer> consumer_;
  std::optional<Probe> probe_;  // between the checks of one assignment
  std::optional<SteadyClock::time_point> still_since_;
  std::size_t usual_records_ = 0;
};

std::unique_ptr<Source> make_source(const Options& options, const ConnectorContext& context) {
  return std::make_unique<KafkaSource>(source_settings(options, context), source_conf(options, context));
}

}  // namespace

RoleSpec<Source> source_role() {
  return {.options = source_options(),
          .help = "reads topics of Kafka as a member of a consumer group",
          .make = make_source,
          .examine = examine_source};
}

}  // namespace sluice::engine::kafka
