// What decoding costs: a record to an event, its payload to BSON, BSON to JSON. The records are captured ones
// of about 1.2 kB (4 kB with schemas).
#include <benchmark/benchmark.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "decode/decoders.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"
#include "raw_decode.hpp"

namespace sluice::engine {
namespace {

// A line of a captured file: its value, and the headers that a router's record needs.
struct Sample {
  std::string topic;
  std::string key;
  std::string value;
  std::vector<std::string> header_texts;
  std::vector<Header> headers;

  Sample(const std::string& file, int line) {
    std::ifstream in(std::string(SLUICE_FIXTURES) + "/" + file + ".ndjson");
    std::string text;
    for (int i = 0; i < line; ++i)
      if (!std::getline(in, text)) throw std::runtime_error("cannot read " + file);
    const auto json = nlohmann::json::parse(text);
    topic = json.at("topic");
    key = json.at("key");
    value = json.at("payload");
    header_texts = json.value("headers", std::vector<std::string>{});
    for (std::size_t i = 0; i + 1 < header_texts.size(); i += 2)
      headers.push_back({header_texts[i], header_texts[i + 1]});
  }

  [[nodiscard]] Record record() const {
    Record made;
    made.topic = topic;
    made.key = key;
    made.value = value;
    made.headers = headers;
    return made;
  }
};

std::unique_ptr<Decoder> make_decoder(const char* name) {
  const DecoderSpec* spec = find_decoder(name);
  return spec->make(default_options(spec->options));
}

void envelope(benchmark::State& state, const char* decoder_name, const char* file, int line,
              bool with_payload) {
  const Sample sample(file, line);
  const Record record = sample.record();
  const auto decoder = make_decoder(decoder_name);
  for (auto _ : state) {
    Event event;
    auto decoded = decoder->decode(record, event);
    if (!decoded || *decoded != Decoded::event) state.SkipWithError("no event");
    benchmark::DoNotOptimize(event);
    if (!with_payload) continue;
    auto payload = decoder->payload();
    if (!payload) state.SkipWithError("no payload");
    benchmark::DoNotOptimize(payload);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * sample.value.size()));
  state.counters["record_bytes"] = static_cast<double>(sample.value.size());
}

BENCHMARK_CAPTURE(envelope, debezium_user, "debezium_outbox", "cdc_schemaless", 1, false);
BENCHMARK_CAPTURE(envelope, debezium_user_with_payload, "debezium_outbox", "cdc_schemaless", 1, true);
BENCHMARK_CAPTURE(envelope, debezium_activity, "debezium_outbox", "cdc_schemaless", 2, false);
BENCHMARK_CAPTURE(envelope, debezium_activity_with_payload, "debezium_outbox", "cdc_schemaless", 2, true);
BENCHMARK_CAPTURE(envelope, debezium_with_schemas, "debezium_outbox", "cdc_schema", 1, false);
BENCHMARK_CAPTURE(envelope, debezium_with_schemas_with_payload, "debezium_outbox", "cdc_schema", 1, true);
// The same by the loop written by hand, which takes brackets and names as they come.
void loop(benchmark::State& state, const char* file, int line) {
  const Sample sample(file, line);
  RawDecode decode;
  bson_t document = BSON_INITIALIZER;
  for (auto _ : state) {
    bson_reinit(&document);
    if (!decode(sample.value, document)) state.SkipWithError("no event");
    benchmark::DoNotOptimize(document);
  }
  bson_destroy(&document);
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * sample.value.size()));
  state.counters["record_bytes"] = static_cast<double>(sample.value.size());
}

BENCHMARK_CAPTURE(loop, debezium_user_with_payload, "cdc_schemaless", 1);
BENCHMARK_CAPTURE(loop, debezium_activity_with_payload, "cdc_schemaless", 2);
BENCHMARK_CAPTURE(loop, debezium_with_schemas_with_payload, "cdc_schema", 1);

BENCHMARK_CAPTURE(envelope, router, "outbox_router", "router_type_header_schemaless", 1, false);
BENCHMARK_CAPTURE(envelope, router_with_payload, "outbox_router", "router_type_header_schemaless", 1, true);

std::string payload_of(const Sample& sample) {
  return nlohmann::json::parse(sample.value).at("after").at("payload").get<std::string>();
}

void json_to_bson(benchmark::State& state, int line) {
  const std::string json = payload_of(Sample("cdc_schemaless", line));
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
  const std::string json = payload_of(Sample("cdc_schemaless", line));
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
