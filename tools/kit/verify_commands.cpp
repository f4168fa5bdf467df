#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "kit/commands.hpp"
#include "kit/documents.hpp"
#include "kit/manifest.hpp"
#include "kit/outbox.hpp"
#include "kit/reference.hpp"
#include "kit/verify.hpp"

namespace sluice::kit {

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << '\n';
  file.flush();
  if (!file) throw std::runtime_error(path + ": cannot be written");
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
    Reference reference(outbox_file(arguments->outbox));
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

void add_made(CLI::App& app, int& status) {
  const auto manifests = std::make_shared<std::vector<std::filesystem::path>>();
  CLI::App* command = app.add_subcommand(
      "made", "List what loads made: a kind (event, users, activities) and an id in each line");
  command->add_option("--manifest", *manifests, "of `generate`, one for each load")->required();
  command->callback([manifests, &status] {
    const auto events = made_again(*manifests);
    const auto rows = events->rows();
    EventRow row;
    while (rows->next(row)) std::cout << "event " << row.event_id << '\n';
    Reference reference(made_again(*manifests));
    reference.run([](std::string_view collection, const std::string& id, const Json&) {
      std::cout << collection << ' ' << id << '\n';
    });
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
      app.add_subcommand("verify", "Hold the documents of a store against the events they come from");
  CLI::Option* outbox = command->add_option("--outbox", settings.outbox, "the SQLite file of the outbox");
  command
      ->add_option(
          "--postgres", settings.postgres,
          "the outbox in PostgreSQL: a connection string, or 'environment' for POSTGRES_HOST and so on")
      ->excludes(outbox);
  command->add_option(
      "--manifest", settings.manifests,
      "of `generate`, one for each load: without an outbox the events are generated again; beside one "
      "it says which of them are poison");
  command
      ->add_option(
          "--documents", settings.documents,
          "the SQLite file of the store, or a database: mongodb://HOST:PORT/DATABASE, or 'environment' "
          "for MONGODB_URI and MONGODB_DATABASE")
      ->required();
  command->add_flag(
      "--among-others", settings.among_others,
      "look only at rows and documents that the events of the manifests made; the rest is somebody "
      "else's");
  command
      ->add_option("--statistics", settings.statistics,
                   "the store's name of the collection of running totals")
      ->capture_default_str();
  command->add_option("--dead-letters", settings.dead_letters,
                      "the dead letters: a file or kafka://BROKERS/TOPIC; without, there must be none");
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

}  // namespace sluice::kit
