// sluice-kit: makes loads for sluice, follows them, and checks what became of them.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "kit/commands.hpp"
#include "kit/summary.hpp"
#include "kit/watch.hpp"

namespace {

using namespace sluice::kit;

constexpr int failure = 1;
constexpr int usage_error = 2;
constexpr int engine_ended = 5;

// Each of these adds a command; its callback runs when it is the chosen one, and sets the exit status.
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
    add_made(app, status);
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
