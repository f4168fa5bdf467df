// What a change costs in the conductor: from the chunk to the queue, into a batch, and back to a safe
// position. The target is well under a microsecond.
#include <benchmark/benchmark.h>

#include <string>

#include "pipeline/conductor.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine {
namespace {

constexpr std::size_t chunk_records = 500;

struct Texts final : ChunkMemory {
  std::vector<std::string> values;
};

Change increment(std::string_view document, Arena& arena) {
  bson::Writer writer;
  const auto keep = [&arena](const bson::Value& value) {
    const auto bytes = arena.copy(std::span<const std::uint8_t>(value.data, value.size));
    return bson::Value{value.type, bytes.data(), value.size};
  };
  Change change;
  change.document.collection = "documents";
  change.document.id = keep(writer.clear().text("v", document).finish().find("v"));
  change.document.hash = document_hash(change.document.collection, change.document.id);
  auto operation = arena.array<Operation>(1);
  operation[0] = {Operator::inc, "count", keep(writer.clear().int32("v", 1).finish().find("v"))};
  change.operations = operation;
  return change;
}

// Every event changes a document of its own and one that all share, as the reference system's do.
std::unique_ptr<HandledChunk> make_chunk(std::uint64_t number) {
  auto chunk = std::make_unique<HandledChunk>();
  chunk->number = number;
  chunk->chunk.records.resize(chunk_records);
  chunk->events.resize(chunk_records);
  for (std::size_t i = 0; i < chunk_records; ++i) {
    const auto position = static_cast<std::int64_t>(number * chunk_records + i);
    Record& record = chunk->chunk.records[i];
    record.position = {position};
    record.value = "{}";
    HandledEvent& handled = chunk->events[i];
    handled.record = handled.event.record = &record;
    handled.handling = Handling::handled;
    auto work = chunk->arena.array<Work>(2);
    work[0] = {0, 0, 100,
               increment("a document's id, as long as a uuid" + std::to_string(position), chunk->arena)};
    work[1] = {0, 1, 100, increment("global", chunk->arena)};
    handled.work = work;
  }
  return chunk;
}

void BM_change(benchmark::State& state) {
  ConductorSettings settings;
  settings.targets = {{"store", {}, {}, true}};
  settings.handlers = {{"own"}, {"shared"}};
  Conductor conductor(settings);
  conductor.assign(PartitionId{0}, {"outbox", 0}, {0});
  std::uint64_t number = 0;
  const Instant now{};
  for (auto _ : state) {
    state.PauseTiming();
    auto chunk = make_chunk(number++);
    state.ResumeTiming();
    conductor.take(std::move(chunk), now, {});
    while (auto batch = conductor.next_batch(0, now)) {
      WrittenBatch written;
      written.results.resize(batch->size(), {Outcome::applied, Code::internal, {}});
      written.batch = std::move(batch);
      conductor.finish(std::move(written), now, {});
    }
    benchmark::DoNotOptimize(conductor.moved_positions());
    conductor.forget_settled();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(chunk_records * 2));
}
BENCHMARK(BM_change);

}  // namespace
}  // namespace sluice::engine

BENCHMARK_MAIN();
