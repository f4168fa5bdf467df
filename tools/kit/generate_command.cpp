#include <charconv>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>

#include "kit/commands.hpp"
#include "kit/generate.hpp"

namespace sluice::kit {
namespace {

struct Arguments {
  GenerateSettings settings;
  std::string mix = "50/30/20";
  std::string poison = "0";
  std::string duplicate = "0";
  std::string at;
  std::int64_t delay_ms = 0;
  KafkaTopic kafka;
  bool json = false;
};

// "1", "0.5" or "0.5%".
double percentage(const char* option, std::string_view text) {
  const std::string_view number = text.ends_with('%') ? text.substr(0, text.size() - 1) : text;
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc{} || end != number.data() + number.size())
    throw std::invalid_argument(std::string(option) + ": '" + std::string(text) +
                                "' is no percentage, such as 0.5%");
  return value;
}

GenerateSettings settings_of(const Arguments& arguments) {
  GenerateSettings settings = arguments.settings;
  settings.mix = parse_mix(arguments.mix);
  settings.poison_percent = percentage("--poison", arguments.poison);
  settings.duplicate_percent = percentage("--duplicate", arguments.duplicate);
  settings.delay = std::chrono::milliseconds{arguments.delay_ms};
  if (!arguments.kafka.brokers.empty()) {
    settings.kafka = arguments.kafka;
    settings.kafka->schemas = settings.schemas;
  }
  if (arguments.at.empty()) return settings;
  settings.at = parse_time(arguments.at);
  if (!settings.at) throw std::invalid_argument("--at: '" + arguments.at + "' is not an ISO 8601 time");
  return settings;
}

void add_targets(CLI::App& command, Arguments& arguments) {
  constexpr const char* group = "Where to (one or several)";
  const std::map<std::string, Target> formats{
      {"outbox", Target::outbox}, {"debezium", Target::debezium_file}, {"plain", Target::plain_file}};
  GenerateSettings& settings = arguments.settings;
  CLI::Option* out =
      command.add_option("--out", settings.out, "a SQLite outbox, or a file of lines")->group(group);
  command
      .add_option("--format", settings.target, "of --out: outbox (rows of SQLite); debezium, plain (lines)")
      ->transform(CLI::CheckedTransformer(formats, CLI::ignore_case).description(""))
      ->needs(out)
      ->group(group);
  CLI::Option* postgres = command
                              .add_option("--postgres", settings.postgres,
                                          "the outbox activity.event_outbox of PostgreSQL, by COPY: a "
                                          "connection string, or 'environment' "
                                          "for POSTGRES_HOST, _PORT, _DB, _USER, _PASSWORD")
                              ->group(group);
  command.add_flag("--create-table", settings.create_table, "make schema and table if they are not there")
      ->needs(postgres)
      ->group(group);
  CLI::Option* brokers = command
                             .add_option("--kafka", arguments.kafka.brokers,
                                         "brokers: straight into a topic, as Debezium sends rows")
                             ->group(group);
  command.add_option("--topic", arguments.kafka.topic, "of Kafka")
      ->needs(brokers)
      ->capture_default_str()
      ->group(group);
  command.add_option("--batch-bytes", arguments.kafka.batch_bytes, "of the producer; Connect's are 16,384")
      ->needs(brokers)
      ->check(CLI::Range(16'384, 1'000'000))
      ->capture_default_str()
      ->group(group);
  command
      .add_flag("--schemas", settings.schemas,
                "write Connect's schemas into every envelope, 4 kB instead of 1.2")
      ->group(group);
  command.add_flag("--discard", settings.discard, "make envelopes and throw them away")->group(group);
}

void add_contents(CLI::App& command, Arguments& arguments) {
  constexpr const char* group = "What";
  GenerateSettings& settings = arguments.settings;
  command.add_option("--events", settings.events, "how many")->capture_default_str()->group(group);
  command.add_option("--mix", arguments.mix, "shares of users/activities/participants")
      ->capture_default_str()
      ->group(group);
  command.add_option("--seed", settings.seed, "one seed makes one world")
      ->capture_default_str()
      ->group(group);
  command
      .add_option(
          "--hot-keys", settings.hot_keys,
          "who joins follows Zipf's law with this exponent: 1 sends every twelfth to one activity of 65,536")
      ->group(group);
  command
      .add_option("--poison", arguments.poison,
                  "percent of the events that must become dead letters: each kind in turn, as far as all "
                  "targets take it")
      ->capture_default_str()
      ->group(group);
  command
      .add_flag("--forbidden", settings.forbidden,
                "one kind of poison more: users with a field 'forbidden', which a validator of the store "
                "must refuse")
      ->needs("--poison")
      ->group(group);
  command
      .add_option("--duplicate", arguments.duplicate,
                  "percent of the records that Kafka and files get twice, as after a crash of the connector")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--at", arguments.at,
                  "time of the first event, such as 2026-11-21T08:00:00Z; else the clock's")
      ->group(group);
}

void add_pace(CLI::App& command, Arguments& arguments) {
  constexpr const char* group = "How fast";
  GenerateSettings& settings = arguments.settings;
  command.add_option("--rate", settings.rate, "events a second, evenly; 0 is as fast as possible")
      ->capture_default_str()
      ->group(group);
  command.add_option("--batch", settings.batch, "events that become visible at once")
      ->capture_default_str()
      ->group(group);
  command.add_option("--delay", arguments.delay_ms, "milliseconds to wait after each batch")->group(group);
}

}  // namespace

void add_generate(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("generate", "Bring the events of a made-up world into outboxes, topics or files");
  add_targets(*command, *arguments);
  add_contents(*command, *arguments);
  add_pace(*command, *arguments);
  constexpr const char* reports = "Reports";
  command
      ->add_option(
          "--manifest", arguments->settings.manifest,
          "write down what was generated, so that `verify --manifest` can make the same events again")
      ->group(reports);
  command->add_flag("--json", arguments->json, "report as JSON")->group(reports);
  command->footer(
      "An outbox that has rows already continues with another world; Kafka and files get the seed's world "
      "again.\n"
      "Example: sluice-kit generate --kafka localhost:9092 --events 1000000 --poison 1% --manifest "
      "load.json");
  command->callback([arguments, &status] {
    const GenerateSettings settings = settings_of(*arguments);
    Interruption interruption;
    const GenerateReport report = generate(settings, &interruption);
    std::cout << (arguments->json ? to_json(report) : to_sentence(report)) << '\n';
    status = report.interrupted ? interrupted : 0;
  });
}

}  // namespace sluice::kit
