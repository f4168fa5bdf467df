// What a worker does with a record, step by step, over records that differ as real ones do: those of a
// made-up world (tools/kit), with the handlers of the reference system. One record again and again would be
// learned by the processor's branch prediction, and by the decoder.
#include <benchmark/benchmark.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "decode/decoders.hpp"
#include "kit/envelope.hpp"
#include "kit/world.hpp"
#include "pipeline/worker.hpp"
#include "plugin/plugins.hpp"
#include "raw_decode.hpp"

namespace sluice::engine {
namespace {

constexpr std::size_t chunk_records = 512;  // as the source of Kafka has them
constexpr std::uint64_t events = 20'000;

// Envelopes of users and activities, and records that are views into them.
struct Records {
  std::vector<std::string> values;
  std::vector<Record> records;

  explicit Records(bool schemas) {
    kit::World world({.quota = kit::divide(events, {.users = 60, .activities = 40, .participants = 0})});
    const kit::EnvelopeWriter writer(schemas);
    kit::OutboxEvent event;
    constexpr kit::Micros start{std::chrono::microseconds(1'780'000'000'000'000)};
    while (world.next(event)) {
      const auto row = static_cast<std::int64_t>(values.size());
      writer.append_value(event, start + std::chrono::milliseconds(row), row, values.emplace_back());
    }
    for (const std::string& value : values) {
      Record& record = records.emplace_back();
      record.topic = "postgres.activity.event_outbox";
      record.position = {static_cast<std::int64_t>(records.size())};
      record.value = value;
    }
  }
};

const Records& records(bool schemas) {
  static const Records plain(false);
  static const Records wrapped(true);
  return schemas ? wrapped : plain;
}

std::unique_ptr<Decoder> make_decoder() {
  const DecoderSpec* spec = find_decoder("debezium_outbox");
  return spec->make(default_options(spec->options));
}

void decode(benchmark::State& state, bool schemas, bool with_payload) {
  const auto decoder = make_decoder();
  const std::vector<Record>& all = records(schemas).records;  // made here, not while time runs
  std::size_t at = 0;
  for (auto _ : state) {
    Event event;
    const Record& record = all[at++ % events];
    if (auto decoded = decoder->decode(record, event); !decoded || *decoded != Decoded::event)
      state.SkipWithError("no event");
    benchmark::DoNotOptimize(event);
    if (with_payload && !decoder->payload()) state.SkipWithError("no payload");
  }
}

BENCHMARK_CAPTURE(decode, envelope, false, false);
BENCHMARK_CAPTURE(decode, envelope_and_payload, false, true);
BENCHMARK_CAPTURE(decode, with_schema, true, false);
BENCHMARK_CAPTURE(decode, with_schema_and_payload, true, true);

// The same by the loop written by hand, which takes brackets and names as they come.
void loop(benchmark::State& state, bool schemas) {
  RawDecode raw_decode;
  bson_t document = BSON_INITIALIZER;
  const std::vector<std::string>& all = records(schemas).values;
  std::size_t at = 0;
  for (auto _ : state) {
    bson_reinit(&document);
    if (!raw_decode(all[at++ % events], document)) state.SkipWithError("no event");
    benchmark::DoNotOptimize(document);
  }
  bson_destroy(&document);
}

BENCHMARK_CAPTURE(loop, envelope_and_payload, false);
BENCHMARK_CAPTURE(loop, with_schema_and_payload, true);

std::vector<std::unique_ptr<Handler>> make_handlers() {
  const auto manifest = read_manifest(SLUICE_ACTIVITY_PLUGIN);
  if (!manifest) throw std::runtime_error(manifest.error().message);
  const auto plugin = Plugin::load(*manifest, {});
  if (!plugin) throw std::runtime_error(plugin.error().message);
  std::vector<std::unique_ptr<Handler>> handlers;
  for (const char* name : {"user_created", "activity_created"}) {
    const Options options = default_options((*plugin)->find(name)->options);
    handlers.push_back((*plugin)->make_handler(name, std::string("activity.") + name, options));
  }
  return handlers;
}

// A worker's whole work, for each record; chunks are made and let go as in a pipeline.
void work(benchmark::State& state, bool schemas) {
  const Router router({{.types = {"UserCreated"}, .handlers = {0}, .sinks = {}},
                       {.types = {"ActivityCreated"}, .handlers = {1}, .sinks = {}}},
                      Otherwise::dead_letter);
  WorkerPlan plan;
  plan.router = &router;
  plan.handler_names = {"activity.user_created", "activity.activity_created"};
  Worker worker(plan, make_decoder(), make_handlers());
  const std::vector<Record>& all = records(schemas).records;
  std::size_t at = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Chunk chunk;
    for (std::size_t i = 0; i < chunk_records; ++i) chunk.records.push_back(all[at++ % events]);
    state.ResumeTiming();
    const auto handled = worker.handle(0, std::move(chunk));
    if (handled->events.back().work.size() != 1) state.SkipWithError("not handled");
  }
  state.counters["each"] = benchmark::Counter(
      chunk_records, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

BENCHMARK_CAPTURE(work, plain, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(work, with_schemas, true)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace sluice::engine

BENCHMARK_MAIN();
