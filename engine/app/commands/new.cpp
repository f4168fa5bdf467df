// sluice new plugin: writes a plugin to start from.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/command_failed.hpp"
#include "app/commands/commands.hpp"
#include "app/output.hpp"
#include "plugin/names.hpp"
#include "plugin/new_plugin.hpp"

namespace sluice::engine {
namespace {

ExitCode new_plugin(const Invocation& invocation, const std::string& name, const std::string& into) {
  const std::filesystem::path folder =
      into.empty() ? std::filesystem::path(name) : std::filesystem::path(into);
  const auto files = create_plugin(name, folder);
  if (!files)
    throw CommandFailed(is_name(name) ? ExitCode::check_failed : ExitCode::usage, files.error().message);
  if (invocation.json) {
    auto written = nlohmann::ordered_json::array();
    for (const std::filesystem::path& file : *files) written.push_back(file.string());
    print_json({{"plugin", name}, {"files", written}});
    return ExitCode::fine;
  }
  print_line(
      "The plugin " + name + " is in " + folder.string() +
      ". Next:\n"
      "  cd " +
      folder.string() +
      "\n"
      "  cmake -S . -B build && cmake --build build   # -DCMAKE_PREFIX_PATH=… where sluice is installed\n"
      "  ctest --test-dir build\n"
      "  sluice try -c pipeline.yaml events.ndjson");
  return ExitCode::fine;
}

}  // namespace

void add_new(CLI::App& app, Invocation& invocation, Action& action) {
  CLI::App* making = add_command(app, "new", "Start something new.", "sluice new plugin orders");
  making->require_subcommand(1);
  CLI::App* command =
      add_command(*making, "plugin",
                  "Write a new plugin: one handler with its test, a pipeline and events to try it with.\n"
                  "It builds anywhere where sluice is installed, and in sluice's own plugins/ too.",
                  "sluice new plugin orders && cd orders && cmake -S . -B build && cmake --build build");
  auto name = std::make_shared<std::string>();
  auto into = std::make_shared<std::string>();
  command->add_option("name", *name, "Its name: lower-case letters, digits, underscores")
      ->required()
      ->type_name("NAME");
  command->add_option("--into", *into, "The folder to make; without it, one of the plugin's name")
      ->type_name("FOLDER");
  add_json_option(*command, invocation);
  command->callback([&invocation, &action, name, into] {
    action = [&invocation, name, into] { return new_plugin(invocation, *name, *into); };
  });
}

}  // namespace sluice::engine
