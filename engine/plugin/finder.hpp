// Where plugins are looked for: NAME.so in a list of folders, never in the working directory unless it is
// named.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice::engine {

// The four places, in the order in which messages name them.
struct PluginFolders {
  std::vector<std::filesystem::path> command_line;   // --plugin-path
  std::vector<std::filesystem::path> configuration;  // plugin_path, made absolute by its file's folder
  std::optional<std::string> environment;            // SLUICE_PLUGIN_PATH: folders separated by ':'
  std::filesystem::path installed;                   // may be empty

  // All of them, each once. An empty entry of the environment is nothing, not the working directory.
  [[nodiscard]] std::vector<std::filesystem::path> all() const;
};

// The file of the plugin. plugin.refused: none (names the folders and what is near), or more than one (names
// them all; one file reached by several folders is one).
[[nodiscard]] Result<std::filesystem::path> find_plugin(std::string_view name,
                                                        std::span<const std::filesystem::path> folders);

// Every *.so of the folders, in the order of folders and names. Folders that are not there are passed over.
[[nodiscard]] std::vector<std::filesystem::path> list_plugins(std::span<const std::filesystem::path> folders);

}  // namespace sluice::engine
