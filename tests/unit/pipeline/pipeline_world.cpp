#include "pipeline_world.hpp"

#include "support/document.hpp"

namespace sluice::engine {
namespace {

// The pipeline owns its parts; these lend it what the test keeps.
class LentStore final : public Store {
 public:
  explicit LentStore(Store& store) : store_(store) {}
  Result<void> prepare(std::span<const CollectionSpec> collections) override {
    return store_.prepare(collections);
  }
  std::unique_ptr<StoreSession> open_session() override { return store_.open_session(); }
  unsigned max_sessions() const noexcept override { return store_.max_sessions(); }
  Journal& journal() noexcept override { return store_.journal(); }

 private:
  Store& store_;
};

class LentDeadLetters final : public DeadLetters {
 public:
  explicit LentDeadLetters(DeadLetters& letters) : letters_(letters) {}
  Result<void> open() override { return letters_.open(); }
  Result<void> write(std::span<const DeadLetter> letters) override { return letters_.write(letters); }
  Result<void> read(const std::function<bool(const DeadLetter&)>& each) override {
    return letters_.read(each);
  }

 private:
  DeadLetters& letters_;
};

}  // namespace

PipelineSettings PipelineWorld::quick_settings() {
  PipelineSettings settings;
  settings.id = "story";
  settings.workers = 2;
  settings.retry = {milliseconds(1), milliseconds(5)};
  settings.breaker.ratio = 0;
  settings.commit_interval = milliseconds(1);
  return settings;
}

std::unique_ptr<Pipeline> PipelineWorld::start(memory::Log::Member member) {
  PipelineParts parts;
  parts.source = memory::make_source(log, {member, chunk_records});
  parts.make_decoder = [] { return std::make_unique<LineDecoder>(); };
  parts.handlers.push_back(
      {"lines", [calls = handler_calls] { return std::make_unique<LineHandler>(calls); }, wait_for});
  parts.sinks = sinks;
  parts.routes = routes;
  parts.otherwise = otherwise;
  parts.store = std::make_unique<LentStore>(store);
  if (with_dead_letters) parts.dead_letters = std::make_unique<LentDeadLetters>(dead_letters);
  auto pipeline = std::make_unique<Pipeline>(std::move(parts), settings, clock_, nullptr);
  pipeline->start();
  return pipeline;
}

std::int64_t PipelineWorld::append(std::string line, const TopicPartition& partition) {
  memory::LogRecord record;
  record.value = std::move(line);
  return log->append(partition, std::move(record)).value;
}

std::string PipelineWorld::thing(std::string_view id) const {
  const auto documents = store.documents("things");
  const auto found = documents.find('"' + std::string(id) + '"');
  return found == documents.end() ? "" : json(bson::View(found->second.data()));
}

std::int64_t PipelineWorld::committed() const {
  const auto position = log->committed(outbox);
  return position ? position->next.value : 0;
}

void PipelineWorld::wait_committed(std::int64_t position) const {
  wait_until([&] { return committed() >= position; });
}

}  // namespace sluice::engine
