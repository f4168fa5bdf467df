// sluice-kit: makes loads for sluice, follows them, and checks what became of them.
#include <CLI/CLI.hpp>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>

#include "kit/documents.hpp"
#include "kit/generate.hpp"
#include "kit/reference.hpp"
#include "kit/summary.hpp"
#include "kit/verify.hpp"
#include "kit/watch.hpp"

namespace {

using namespace sluice::kit;

constexpr int failure = 1;
constexpr int usage_error = 2;
constexpr int engine_ended = 5;
constexpr int check_failed = 8;
constexpr int interrupted = 130;  // as a shell says of Ctrl-C

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << '\n';
  file.flush();
  if (!file) throw std::runtime_error(path + ": cannot be written");
}

// Each of these adds a command; its callback runs when it is the chosen one, and sets the exit status.
void add_generate(CLI::App& app, int& status) {
  struct Arguments {
    GenerateSettings settings;
    std::string mix = "50/30/20";
    std::string at;
    std::int64_t delay_ms = 0;
    KafkaTopic kafka;
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>();
  GenerateSettings& settings = arguments->settings;
  const std::map<std::string, Target> formats{
      {"outbox", Target::outbox}, {"debezium", Target::debezium_file}, {"plain", Target::plain_file}};

  CLI::App* command =
      app.add_subcommand("generate", "Fill an outbox, or a file of events, with a made-up world");
  command->add_option("--out", settings.out, "the SQLite file of the outbox, or the file to write")
      ->required();
  command->add_option("--format", settings.target, "outbox (rows), or lines of a file: debezium, plain")
      ->transform(CLI::CheckedTransformer(formats, CLI::ignore_case).description(""));
  CLI::Option* brokers =
      command->add_option("--kafka", arguments->kafka.brokers,
                          "brokers: the rows of the outbox go there too, as Debezium sends them");
  command->add_option("--topic", arguments->kafka.topic, "of Kafka")->needs(brokers)->capture_default_str();
  command
      ->add_option("--duplicate", arguments->kafka.duplicate_percent,
                   "percent of the records that Kafka gets twice, as after a crash of the connector")
      ->needs(brokers);
  command->add_option("--events", settings.events, "how many")->capture_default_str();
  command->add_option("--mix", arguments->mix, "shares of users/activities/participants")
      ->capture_default_str();
  command->add_option("--bad", settings.bad_percent, "percent of events that are spoiled on purpose")
      ->capture_default_str();
  command->add_option("--seed", settings.seed, "one seed makes one world")->capture_default_str();
  command->add_option("--batch", settings.batch, "events that become visible at once")->capture_default_str();
  command->add_option("--delay", arguments->delay_ms, "milliseconds to wait after each batch");
  command->add_option("--rate", settings.rate, "events a second; 0 is as fast as possible")
      ->capture_default_str();
  command->add_option("--at", arguments->at,
                      "time of the first event, such as 2026-11-21T08:00:00Z; else the clock's");
  command->add_flag("--json", arguments->json, "report as JSON");
  command->callback([arguments, &status] {
    GenerateSettings& chosen = arguments->settings;
    chosen.mix = parse_mix(arguments->mix);
    if (!arguments->kafka.brokers.empty()) {
      if (chosen.target != Target::outbox) throw std::invalid_argument("--kafka goes with an outbox");
      chosen.kafka = arguments->kafka;
    }
    chosen.delay = std::chrono::milliseconds{arguments->delay_ms};
    if (!arguments->at.empty()) {
      chosen.at = parse_time(arguments->at);
      if (!chosen.at) throw std::invalid_argument("--at: '" + arguments->at + "' is not an ISO 8601 time");
    }
    const GenerateReport report = generate(chosen);
    std::cout << (arguments->json ? to_json(report) : to_sentence(report)) << '\n';
    status = 0;
  });
}

void add_reference(CLI::App& app, int& status) {
  struct Arguments {
    std::string outbox;
    std::string out;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "reference",
      "Compute, without the engine, what the documents of an outbox must be, into a SQLite file");
  command->add_option("--outbox", arguments->outbox, "the SQLite file of the outbox")->required();
  command->add_option("--out", arguments->out, "the SQLite file to make, like one of the store's")
      ->required();
  command->callback([arguments, &status] {
    DocumentsWriter writer(arguments->out);
    Reference reference(arguments->outbox);
    const ReferenceSummary summary =
        reference.run([&](std::string_view collection, const std::string& id, const Json& document) {
          writer.put(collection, id, document);
        });
    if (const Json statistics = summary.statistics(); !statistics.empty())
      writer.put("statistics", "global", statistics);
    writer.commit();
    std::cout << summary.events << " events, " << summary.dead_letters.size()
              << " of them for the dead letters\n";
    status = 0;
  });
}

void add_verify(CLI::App& app, int& status) {
  struct Arguments {
    VerifySettings settings;
    std::string json_file;
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>();
  VerifySettings& settings = arguments->settings;
  CLI::App* command =
      app.add_subcommand("verify", "Hold the documents of a store against the outbox they come from");
  command->add_option("--outbox", settings.outbox, "the SQLite file of the outbox")->required();
  command
      ->add_option("--documents", settings.documents,
                   "the SQLite file of the store, or a database: mongodb://HOST:PORT/DATABASE")
      ->required();
  command->add_option("--dead-letters", settings.dead_letters,
                      "the dead letters; without, there must be none");
  command->add_option("--json-file", arguments->json_file, "write the report there as well, as JSON");
  command->add_flag("--json", arguments->json, "report as JSON");
  command->footer("Ends with 0 when every check held, and with 8 when one did not.");
  command->callback([arguments, &status] {
    const VerifyReport report = verify(arguments->settings);
    if (!arguments->json_file.empty()) write_file(arguments->json_file, to_json(report));
    std::cout << (arguments->json ? to_json(report) + "\n" : to_table(report));
    status = report.held() ? 0 : check_failed;
  });
}

void add_watch(CLI::App& app, int& status) {
  auto settings = std::make_shared<WatchSettings>();
  CLI::App* command = app.add_subcommand(
      "watch", "Show how far a running engine is, until it has settled a number of events");
  command->add_option("--status", settings->status, "the file of `sluice run --status-file`")->required();
  command->add_option("--target", settings->target, "how many events are expected")->required();
  command->add_option("--outbox", settings->outbox, "the SQLite file of the outbox, to show what is in it");
  command->add_option("--pid", settings->engine_process, "the engine's process: ends with it");
  command->add_option("--writer-pid", settings->writer_process,
                      "the process that fills the outbox: ends when that leaves it unfinished");
  command->footer(
      "The dashboard of `sluice top` on a terminal, a line a second elsewhere.\n"
      "Ends with 0 when the events are settled, with 5 when the engine ended before, with 1 when the writer "
      "did,\nwith 130 when it was left.");
  command->callback([settings, &status] {
    switch (watch(*settings)) {
      case WatchEnd::target_reached:
        status = 0;
        break;
      case WatchEnd::engine_ended:
        status = engine_ended;
        break;
      case WatchEnd::writer_ended:
        status = failure;
        break;
      case WatchEnd::left:
        status = interrupted;
        break;
    }
  });
}

void add_summary(CLI::App& app, int& status) {
  struct Arguments {
    SummaryFiles files;
    std::string json_file;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("summary", "Sum up a demo from the reports of its parts");
  command->add_option("--generator", arguments->files.generator, "the report of `generate --json`")
      ->required();
  command->add_option("--status", arguments->files.status, "the engine's last status file")->required();
  command->add_option("--verification", arguments->files.verification, "the report of `verify`")->required();
  command->add_option("--json-file", arguments->json_file, "write the whole outcome there as well, as JSON");
  command->callback([arguments, &status] {
    const auto summary = summarise(arguments->files);
    if (!arguments->json_file.empty()) write_file(arguments->json_file, summary.dump(2));
    std::cout << summary_text(summary);
    status = summary.at("passed") == true ? 0 : check_failed;
  });
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app{"Makes loads for sluice, follows them, and checks what became of them", "sluice-kit"};
  app.require_subcommand(1);
  int status = failure;
  try {
    add_generate(app, status);
    add_reference(app, status);
    add_summary(app, status);
    add_verify(app, status);
    add_watch(app, status);
    app.parse(count, arguments);
    return status;
  } catch (const CLI::ParseError& error) {
    const int shown = app.exit(error);
    return shown == 0 ? 0 : usage_error;
  } catch (const std::invalid_argument& error) {
    std::cerr << "sluice-kit: " << error.what() << '\n';
    return usage_error;
  } catch (const std::exception& error) {
    std::cerr << "sluice-kit: " << error.what() << '\n';
    return failure;
  }
}
