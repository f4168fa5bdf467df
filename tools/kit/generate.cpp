#include "kit/generate.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "kit/figures.hpp"
#include "kit/ndjson.hpp"
#include "kit/outbox.hpp"
#include "kit/world.hpp"

namespace sluice::kit {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

// A paced generator makes at least this many batches a second, so that its events come evenly.
constexpr double paced_batches_per_second = 50;

std::uint64_t batch_size(const GenerateSettings& settings) {
  const std::uint64_t wanted = std::max<std::uint64_t>(settings.batch, 1);
  if (settings.rate <= 0) return wanted;
  const auto even = static_cast<std::uint64_t>(std::ceil(settings.rate / paced_batches_per_second));
  return std::clamp<std::uint64_t>(even, 1, wanted);
}

// An outbox and, behind it, the topic that Debezium fills from it.
class CapturedOutbox {
 public:
  CapturedOutbox(OutboxWriter& outbox, const KafkaTopic& topic, std::uint64_t seed)
      : outbox_(outbox), topic_(topic, seed) {}

  void add(const OutboxEvent& event, Micros created_at) {
    outbox_.add(event, created_at);
    topic_.add(event, created_at);
  }
  void commit() {
    outbox_.commit();
    topic_.commit();
  }

 private:
  OutboxWriter& outbox_;
  KafkaWriter topic_;
};

template <typename Writer>
void write_history(Writer& writer, World& world, const GenerateSettings& settings) {
  const auto started = steady_clock::now();
  const std::uint64_t batch = batch_size(settings);
  OutboxEvent event;
  std::uint64_t written = 0;
  while (world.next(event)) {
    writer.add(event, settings.at ? *settings.at + std::chrono::milliseconds{written} : now());
    if (++written % batch != 0) continue;
    writer.commit();
    if (settings.delay.count() > 0) std::this_thread::sleep_for(settings.delay);
    if (settings.rate > 0)
      std::this_thread::sleep_until(started + duration<double>(static_cast<double>(written) / settings.rate));
  }
  writer.commit();
}

}  // namespace

GenerateReport generate(const GenerateSettings& settings) {
  if (settings.bad_percent < 0 || settings.bad_percent > 100)
    throw std::invalid_argument("the share of bad events is a percentage, from 0 to 100");
  GenerateReport report;
  report.events = settings.events;
  report.spoiled = static_cast<std::uint64_t>(
      std::llround(static_cast<double>(settings.events) * settings.bad_percent / 100));
  report.quota = divide(settings.events - report.spoiled, settings.mix);

  const auto started = steady_clock::now();
  if (settings.target == Target::outbox) {
    OutboxWriter writer(settings.out);
    const auto rows_before = static_cast<std::uint64_t>(writer.rows_before());
    World world(settings.seed + rows_before, report.quota, report.spoiled);
    if (settings.kafka) {
      CapturedOutbox captured(writer, *settings.kafka, settings.seed);
      write_history(captured, world, settings);
    } else {
      write_history(writer, world, settings);
    }
  } else {
    NdjsonWriter writer(settings.out,
                        settings.target == Target::plain_file ? LineFormat::plain : LineFormat::debezium);
    World world(settings.seed, report.quota, report.spoiled);
    write_history(writer, world, settings);
  }
  report.seconds = duration<double>(steady_clock::now() - started).count();
  return report;
}

std::string to_json(const GenerateReport& report) {
  nlohmann::ordered_json json;
  json["events"] = report.events;
  json["types"] = {{"UserCreated", report.quota.users},
                   {"ActivityCreated", report.quota.activities},
                   {"ParticipantJoined", report.quota.participants}};
  json["spoiled"] = report.spoiled;
  json["seconds"] = report.seconds;
  json["events_per_s"] = per_second(report.events, report.seconds);
  return json.dump(2);
}

std::string to_sentence(const GenerateReport& report) {
  std::string text = "generated " + with_commas(report.events) + " events (" +
                     with_commas(report.quota.users) + " users, " + with_commas(report.quota.activities) +
                     " activities, " + with_commas(report.quota.participants) + " participants";
  if (report.spoiled > 0) text += ", " + with_commas(report.spoiled) + " spoiled on purpose";
  return text + ") in " + fixed(report.seconds, 2) + " s, " +
         with_commas(static_cast<std::uint64_t>(per_second(report.events, report.seconds))) + "/s";
}

}  // namespace sluice::kit
