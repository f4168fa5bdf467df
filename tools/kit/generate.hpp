// Brings the history of a made-up world into an outbox, a topic or a file of events; into several at once,
// too.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "kit/interruption.hpp"
#include "kit/kafka_writer.hpp"
#include "kit/mix.hpp"
#include "kit/time.hpp"

namespace sluice::kit {

enum class Target { outbox, debezium_file, plain_file };

struct GenerateSettings {
  // Where the events go: at least one of these.
  std::filesystem::path out;
  Target target = Target::outbox;  // what `out` is
  std::string postgres;            // as postgres_address() takes it
  std::optional<KafkaTopic> kafka;
  bool discard = false;  // made as envelopes, and thrown away

  bool create_table = false;  // in PostgreSQL
  bool schemas = false;       // in the envelopes of files, and of those that are thrown away

  std::uint64_t events = 10'000;
  Mix mix;
  double poison_percent = 0;     // of the events
  bool forbidden = false;        // poison that only a validator of the store refuses, too
  double duplicate_percent = 0;  // of the events, which files and topics get twice; tables have each id once
  double hot_keys = 0;           // the exponent of Zipf's law over the activities; 0: the usual crowd
  std::uint64_t seed = 1;        // an outbox that has rows already continues with another world

  std::uint64_t batch = 1000;          // events made visible at once
  std::chrono::milliseconds delay{0};  // after each batch
  double rate = 0;                     // events a second; 0: as fast as possible
  std::optional<Micros> at;  // the first event's time, each next a millisecond later; else the clock's

  std::filesystem::path manifest;  // if any: written before the first event, and at the end of what is there
};

struct GenerateReport {
  std::uint64_t events = 0;  // that are there
  Quota quota;               // of those that are not poisoned
  std::uint64_t poisoned = 0;
  std::map<std::string, std::uint64_t> poison;  // events by kind
  std::uint64_t duplicates = 0;                 // records that came a second time; not among `events`
  bool interrupted = false;                     // before all that were wanted
  double seconds = 0;
};

// Throws std::invalid_argument for settings that make no world, SqliteError or std::runtime_error when it
// cannot write. An interruption, where given, ends it after the batch that is under way.
[[nodiscard]] GenerateReport generate(const GenerateSettings& settings, Interruption* interruption = nullptr);

[[nodiscard]] std::string to_json(const GenerateReport& report);
[[nodiscard]] std::string to_sentence(const GenerateReport& report);

}  // namespace sluice::kit
