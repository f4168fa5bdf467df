#include "kit/generate.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "kit/envelope.hpp"
#include "kit/figures.hpp"
#include "kit/manifest.hpp"
#include "kit/ndjson.hpp"
#include "kit/outbox.hpp"
#include "kit/postgres.hpp"
#include "kit/world.hpp"

namespace sluice::kit {
namespace {

using std::chrono::duration;
using std::chrono::duration_cast;
using std::chrono::steady_clock;

// A paced generator makes at least this many batches a second, so that its events come evenly.
constexpr double paced_batches_per_second = 50;

std::uint64_t batch_size(const GenerateSettings& settings) {
  const std::uint64_t wanted = std::max<std::uint64_t>(settings.batch, 1);
  if (settings.rate <= 0) return wanted;
  const auto even = static_cast<std::uint64_t>(std::ceil(settings.rate / paced_batches_per_second));
  return std::clamp<std::uint64_t>(even, 1, wanted);
}

void check(const GenerateSettings& settings) {
  const auto is_percentage = [](double share) { return share >= 0 && share <= 100; };
  if (!is_percentage(settings.poison_percent))
    throw std::invalid_argument("the share of poison is a percentage, from 0 to 100");
  if (!is_percentage(settings.duplicate_percent))
    throw std::invalid_argument("the share of duplicates is a percentage, from 0 to 100");
  if (settings.hot_keys < 0 || settings.hot_keys > 5)
    throw std::invalid_argument("the exponent of hot keys is from 0 to 5; 1 is the usual one");
  if (settings.events > std::uint64_t{4'000'000'000})
    throw std::invalid_argument("a load has at most 4,000,000,000 events");
}

bool writes_file(const GenerateSettings& settings) {
  return !settings.out.empty() && settings.target != Target::outbox;
}

bool counts_duplicates(const GenerateSettings& settings) {
  return writes_file(settings) && settings.target == Target::plain_file && !settings.kafka;
}

// What every target can take, so that all of them get the same events.
PoisonReach poison_reach(const GenerateSettings& settings) {
  if (!settings.postgres.empty()) return PoisonReach::everywhere;
  const bool sqlite_alone = !settings.kafka && !settings.discard && !writes_file(settings);
  return sqlite_alone ? PoisonReach::heavy : PoisonReach::as_text;
}

// What is paced is to be seen at once, as Connect's producer has it.
KafkaTopic topic_of(const GenerateSettings& settings) {
  constexpr std::chrono::milliseconds linger_of_connect{5};
  KafkaTopic topic = *settings.kafka;
  if (settings.rate > 0 || settings.delay.count() > 0) topic.linger = linger_of_connect;
  return topic;
}

class Targets {
 public:
  explicit Targets(const GenerateSettings& settings) {
    if (writes_file(settings)) {
      const LineFormat format =
          settings.target == Target::plain_file ? LineFormat::plain : LineFormat::debezium;
      open<NdjsonWriter>(settings.out, format, settings.schemas);
    } else if (!settings.out.empty()) {
      open<OutboxWriter>(settings.out);
    }
    if (!settings.postgres.empty())
      open<PostgresWriter>(postgres_address(settings.postgres), settings.create_table);
    if (settings.kafka) open<KafkaWriter>(topic_of(settings));
    if (settings.discard) open<DiscardedEnvelopes>(settings.schemas);
    if (all_.empty())
      throw std::invalid_argument("nowhere to bring the events: name a file, PostgreSQL, Kafka or --discard");
  }

  void add(const OutboxEvent& event, Micros created_at) {
    for (const auto& target : all_) target->add(event, created_at);
  }
  void commit() {
    for (const auto& target : all_) target->commit();
  }
  void finish() {
    for (const auto& target : all_) target->finish();
  }
  [[nodiscard]] std::uint64_t rows_before() const {
    std::uint64_t most = 0;
    for (const auto& target : all_) most = std::max(most, target->rows_before());
    return most;
  }

 private:
  template <typename Target, typename... Arguments>
  void open(Arguments&&... arguments) {
    all_.push_back(std::make_unique<Target>(std::forward<Arguments>(arguments)...));
  }

  std::vector<std::unique_ptr<EventTarget>> all_;
};

WorldPlan plan_of(const GenerateSettings& settings) {
  WorldPlan plan;
  plan.seed = settings.seed;
  plan.hot_keys = settings.hot_keys;
  plan.duplicate_percent = settings.duplicate_percent;
  plan.poisoned = static_cast<std::uint64_t>(
      std::llround(static_cast<double>(settings.events) * settings.poison_percent / 100));
  if (plan.poisoned > 0) plan.poison = poison_within(poison_reach(settings));
  if (plan.poisoned > 0 && settings.forbidden) plan.poison.push_back(PoisonKind::forbidden);
  plan.quota = divide(settings.events - plan.poisoned, settings.mix);
  return plan;
}

// Goes with the clock, but never back.
class Clock {
 public:
  explicit Clock(std::optional<Micros> start) : start_(start) {}

  Micros tick() {
    latest_ = start_ ? *start_ + std::chrono::milliseconds{ticks_++} : std::max(latest_, now());
    return latest_;
  }

 private:
  std::optional<Micros> start_;
  std::int64_t ticks_ = 0;
  Micros latest_{};
};

void pause_until(Interruption* interruption, steady_clock::time_point then) {
  if (interruption != nullptr)
    interruption->pause_until(then);
  else
    std::this_thread::sleep_until(then);
}

// Whether the totals count it: all that is not refused as a whole.
bool is_counted(const OutboxEvent& event) { return !event.poison || *event.poison == PoisonKind::forbidden; }

// The time of the newest event that is counted.
Micros write_history(Targets& targets, const WorldPlan& plan, const GenerateSettings& settings,
                     GenerateReport& report, Interruption* interruption) {
  const auto started = steady_clock::now();
  const std::uint64_t batch = batch_size(settings);
  const bool redelivers = settings.kafka || writes_file(settings) || settings.discard;
  World world(plan);
  Clock clock(settings.at);
  Micros newest{};
  OutboxEvent event;
  while (!report.interrupted && world.next(event)) {
    const Micros created_at = clock.tick();
    targets.add(event, created_at);
    if (event.poison) ++report.poison[std::string(poison(*event.poison).name)];
    if (is_counted(event)) newest = created_at;
    if (event.redelivered && redelivers) ++report.duplicates;
    if (++report.events % batch != 0) continue;
    targets.commit();
    if (settings.delay.count() > 0) pause_until(interruption, steady_clock::now() + settings.delay);
    if (settings.rate > 0)
      pause_until(interruption, started + duration_cast<steady_clock::duration>(duration<double>(
                                              static_cast<double>(report.events) / settings.rate)));
    report.interrupted = interruption != nullptr && interruption->asked() && report.events < settings.events;
  }
  targets.finish();
  const Quota& left = world.left();
  report.quota = {plan.quota.users - left.users, plan.quota.activities - left.activities,
                  plan.quota.participants - left.participants};
  report.poisoned = report.events - report.quota.total();
  return newest;
}

}  // namespace

GenerateReport generate(const GenerateSettings& settings, Interruption* interruption) {
  check(settings);
  WorldPlan plan = plan_of(settings);
  GenerateReport report;

  Targets targets(settings);
  plan.seed += targets.rows_before();
  // Before the first event as well: whoever removes a load that was broken off must know what it made.
  const auto note = [&](std::uint64_t events, Micros newest) {
    if (settings.manifest.empty()) return;
    write_manifest({plan, events, counts_duplicates(settings), newest}, settings.manifest);
  };
  note(settings.events, {});
  const auto started = steady_clock::now();
  const Micros newest = write_history(targets, plan, settings, report, interruption);
  report.seconds = duration<double>(steady_clock::now() - started).count();
  note(report.events, newest);
  return report;
}

std::string to_json(const GenerateReport& report) {
  nlohmann::ordered_json json;
  json["events"] = report.events;
  json["types"] = {{"UserCreated", report.quota.users},
                   {"ActivityCreated", report.quota.activities},
                   {"ParticipantJoined", report.quota.participants}};
  json["poisoned"] = report.poisoned;
  json["poison"] = report.poison;
  json["duplicates"] = report.duplicates;
  json["interrupted"] = report.interrupted;
  json["seconds"] = report.seconds;
  json["events_per_s"] = per_second(report.events, report.seconds);
  return json.dump(2);
}

std::string to_sentence(const GenerateReport& report) {
  std::string text = (report.interrupted ? "interrupted: generated " : "generated ") +
                     with_commas(report.events) + " events (" + with_commas(report.quota.users) + " users, " +
                     with_commas(report.quota.activities) + " activities, " +
                     with_commas(report.quota.participants) + " participants";
  if (report.poisoned > 0) text += ", " + with_commas(report.poisoned) + " poisoned";
  text += ") in " + fixed(report.seconds, 2) + " s, " +
          with_commas(static_cast<std::uint64_t>(per_second(report.events, report.seconds))) + "/s";
  if (report.duplicates > 0) text += "\n  a second time  " + with_commas(report.duplicates);
  for (const auto& [kind, count] : report.poison) {
    text += "\n  " + kind;
    text.append(kind.size() < 15 ? 15 - kind.size() : 1, ' ').append(with_commas(count));
  }
  return text;
}

}  // namespace sluice::kit
