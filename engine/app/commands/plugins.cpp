// sluice plugins list|inspect: what plugins there are and what they offer.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/command_failed.hpp"
#include "app/commands/commands.hpp"
#include "app/configuration.hpp"
#include "app/output.hpp"

namespace sluice::engine {
namespace {

using Json = nlohmann::ordered_json;

// The folders of the configuration count where there is one that can be read; plugins can be looked at
// without.
std::vector<std::filesystem::path> folders_of(const Invocation& invocation) {
  std::vector<std::string> configured;
  if (!invocation.config.empty()) configured = load_config(invocation).engine.plugin_path;
  return plugin_folders(invocation, configured);
}

Json to_json(const Manifest& manifest) {
  return {{"name", manifest.name},
          {"version", manifest.version},
          {"file", manifest.file.string()},
          {"sdk_version", manifest.sdk_version},
          {"abi", std::to_string(manifest.abi_major) + '.' + std::to_string(manifest.abi_minor)}};
}

ExitCode list(const Invocation& invocation) {
  const auto folders = folders_of(invocation);
  Json report = Json::array();
  Table table({"name", "version", "file", "refused because"});
  bool all_fit = true;
  for (const std::filesystem::path& file : list_plugins(folders)) {
    const auto manifest = read_manifest(file);
    all_fit = all_fit && manifest.ok();
    report.push_back(manifest ? to_json(*manifest)
                              : Json{{"file", file.string()}, {"refused", manifest.error().message}});
    table.add(manifest ? std::vector<std::string>{manifest->name, manifest->version, file.string(), ""}
                       : std::vector<std::string>{file.stem().string(), "", file.string(),
                                                  manifest.error().message});
  }
  if (invocation.json) {
    print_json(report);
  } else if (report.empty()) {
    print_line("No plugins in:");
    for (const auto& folder : folders) print_line("  " + folder.string());
  } else {
    print_line(table.text());
  }
  return all_fit ? ExitCode::fine : ExitCode::plugin_refused;
}

std::string_view type_text(OptionType type) {
  switch (type) {
    case OptionType::text:
      return "text";
    case OptionType::boolean:
      return "boolean";
    case OptionType::integer:
      return "integer";
    case OptionType::number:
      return "number";
    case OptionType::duration:
      return "duration";
    case OptionType::bytes:
      return "bytes";
    case OptionType::path:
      return "path";
    case OptionType::texts:
      return "list of texts";
    case OptionType::map:
      return "map of texts";
  }
  return "";
}

Json to_json(const ComponentSpec& component) {
  Json json = {{"name", component.name},
               {"kind", to_text(component.kind)},
               {"help", component.help},
               {"event_types", component.event_types},
               {"options", Json::array()}};
  for (const OptionSpec& option : component.options)
    json["options"].push_back({{"name", option.name},
                               {"type", type_text(option.type)},
                               {"default", option.fallback ? Json(*option.fallback) : Json(nullptr)},
                               {"secret", option.secret},
                               {"help", option.help}});
  return json;
}

void print_component(const ComponentSpec& component) {
  print_line("");
  print_line(std::string(to_text(component.kind)) + ' ' + component.name +
             (component.help.empty() ? "" : ": " + component.help));
  std::string types;
  for (const std::string& type : component.event_types) types += (types.empty() ? "" : ", ") + type;
  print_line("  for      " + (types.empty() ? "any event type" : types));
  for (const OptionSpec& option : component.options)
    print_line("  option   " + option.name + " (" + std::string(type_text(option.type)) +
               (option.fallback ? ", default " + (option.fallback->empty() ? "empty" : *option.fallback)
                                : ", required") +
               "): " + option.help);
}

Manifest find_manifest(const std::string& name_or_file, const Invocation& invocation) {
  const bool is_file = name_or_file.find('/') != std::string::npos || name_or_file.ends_with(".so");
  auto file = is_file ? Result<std::filesystem::path>(name_or_file)
                      : find_plugin(name_or_file, folders_of(invocation));
  if (!file) throw CommandFailed(ExitCode::plugin_refused, file.error().message);
  auto manifest = read_manifest(*file);
  if (!manifest) throw CommandFailed(ExitCode::plugin_refused, manifest.error().message);
  return std::move(*manifest);
}

ExitCode inspect(const Invocation& invocation, const std::string& name_or_file, bool load) {
  const Manifest manifest = find_manifest(name_or_file, invocation);
  Json report = to_json(manifest);
  if (!invocation.json) {
    print_line("name     " + manifest.name);
    print_line("version  " + manifest.version);
    print_line("file     " + manifest.file.string());
    print_line("sdk      " + manifest.sdk_version);
    print_line("abi      " + report["abi"].get<std::string>());
  }
  if (load) {
    const auto plugin = Plugin::load(manifest, {});
    if (!plugin) throw CommandFailed(ExitCode::plugin_refused, plugin.error().message);
    report["components"] = Json::array();
    for (const ComponentSpec& component : plugin.value()->components()) {
      report["components"].push_back(to_json(component));
      if (!invocation.json) print_component(component);
    }
  }
  if (invocation.json) print_json(report);
  return ExitCode::fine;
}

}  // namespace

void add_plugins(CLI::App& app, Invocation& invocation, Action& action) {
  CLI::App* plugins = add_command(
      app, "plugins", "See which plugins there are and what they offer.",
      "sluice plugins list --plugin-path build/plugins\n  sluice plugins inspect activity --load");
  plugins->require_subcommand(1);

  CLI::App* listing = add_command(
      *plugins, "list",
      "List the plugins in all folders that are searched: --plugin-path, the configuration's plugin_path "
      "(with -c),\n"
      "SLUICE_PLUGIN_PATH, the installed folder. Nothing is loaded. Status 4 when one does not fit.",
      "sluice plugins list -c configs/activity-embedded.yaml");
  add_invocation(*listing, invocation);
  listing->callback([&invocation, &action] { action = [&invocation] { return list(invocation); }; });

  CLI::App* inspecting = add_command(*plugins, "inspect",
                                     "Show what a plugin's file says of itself. Nothing of it is run, unless "
                                     "--load is given: then its handlers and\n"
                                     "sinks are shown, with the event types and options that each declares.",
                                     "sluice plugins inspect build/plugins/activity.so --load");
  auto name = std::make_shared<std::string>();
  auto load = std::make_shared<bool>(false);
  add_invocation(*inspecting, invocation);
  inspecting->add_option("plugin", *name, "Its name, or the path of its file")
      ->required()
      ->type_name("NAME|FILE");
  inspecting->add_flag("--load", *load, "Load it and show its handlers and sinks");
  inspecting->callback([&invocation, &action, name, load] {
    action = [&invocation, name, load] { return inspect(invocation, *name, *load); };
  });
}

}  // namespace sluice::engine
