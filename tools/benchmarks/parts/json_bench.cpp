// What reading JSON strictly costs, and writing it: captured payloads to BSON and back, a time.
#include <benchmark/benchmark.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "base/time.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace sluice::engine {
namespace {

// The payload of a captured record.
std::string payload_of(int line) {
  std::ifstream in(SLUICE_FIXTURES "/cdc_schemaless.ndjson");
  std::string text;
  for (int i = 0; i < line; ++i)
    if (!std::getline(in, text)) throw std::runtime_error("cannot read the captured records");
  const std::string value = nlohmann::json::parse(text).at("payload");
  return nlohmann::json::parse(value).at("after").at("payload");
}

void json_to_bson(benchmark::State& state, int line) {
  const std::string json = payload_of(line);
  JsonReader reader;
  for (auto _ : state) {
    auto document = reader.read_plain(json);
    if (!document) state.SkipWithError("no document");
    benchmark::DoNotOptimize(document);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * json.size()));
  state.counters["json_bytes"] = static_cast<double>(json.size());
}
BENCHMARK_CAPTURE(json_to_bson, user, 1);
BENCHMARK_CAPTURE(json_to_bson, activity, 2);

void bson_to_json(benchmark::State& state, int line) {
  JsonReader reader;
  const std::string json = payload_of(line);
  const auto document = reader.read_plain(json);
  std::string out;
  for (auto _ : state) {
    out.clear();
    write_extended(*document, out);
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK_CAPTURE(bson_to_json, user, 1);
BENCHMARK_CAPTURE(bson_to_json, activity, 2);

void timestamp(benchmark::State& state) {
  for (auto _ : state) {
    auto time = parse_timestamp("2026-11-21T08:06:32.584684Z");
    benchmark::DoNotOptimize(time);
  }
}
BENCHMARK(timestamp);

}  // namespace
}  // namespace sluice::engine

BENCHMARK_MAIN();
