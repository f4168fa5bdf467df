// Fills an outbox, or a file of events, with the history of a made-up world.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "kit/kafka_writer.hpp"
#include "kit/mix.hpp"
#include "kit/time.hpp"

namespace sluice::kit {

enum class Target { outbox, debezium_file, plain_file };

struct GenerateSettings {
  std::filesystem::path out;
  Target target = Target::outbox;
  std::optional<KafkaTopic> kafka;  // beside an outbox: each row is sent there too, as Debezium would
  std::uint64_t events = 10'000;
  Mix mix;
  double bad_percent = 0;              // of the events, spoiled on purpose
  std::uint64_t seed = 1;              // an outbox that has rows already continues with another world
  std::uint64_t batch = 1000;          // events made visible at once
  std::chrono::milliseconds delay{0};  // after each batch
  double rate = 0;                     // events a second; 0: as fast as possible
  std::optional<Micros> at;  // the first event's time, each next a millisecond later; else the clock's
};

struct GenerateReport {
  std::uint64_t events = 0;
  Quota quota;
  std::uint64_t spoiled = 0;
  double seconds = 0;
};

// Throws std::invalid_argument for settings that make no world, SqliteError or std::runtime_error when it
// cannot write.
[[nodiscard]] GenerateReport generate(const GenerateSettings& settings);

[[nodiscard]] std::string to_json(const GenerateReport& report);
[[nodiscard]] std::string to_sentence(const GenerateReport& report);

}  // namespace sluice::kit
