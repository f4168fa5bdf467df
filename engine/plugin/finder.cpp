#include "plugin/finder.hpp"

#include <algorithm>
#include <system_error>

#include "base/nearest.hpp"
#include "plugin/names.hpp"
#include "plugin/refusal.hpp"

namespace sluice::engine {
namespace fs = std::filesystem;
namespace {

// Whether two paths lead to one folder or file.
bool same(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return a == b || fs::equivalent(a, b, error);
}

void add_once(std::vector<fs::path>& paths, const fs::path& path) {
  if (path.empty()) return;
  if (std::none_of(paths.begin(), paths.end(), [&](const fs::path& one) { return same(one, path); }))
    paths.push_back(path);
}

std::string listed(std::span<const fs::path> paths) {
  std::string text;
  for (const fs::path& path : paths) text += (text.empty() ? "" : ", ") + path.string();
  return text;
}

Error not_found(std::string_view name, std::span<const fs::path> folders) {
  const std::string what = "there is no plugin \"" + std::string(name) + '"';
  if (folders.empty())
    return refusal(what + ": no folder to look in; give --plugin-path, plugin_path or SLUICE_PLUGIN_PATH");
  std::vector<std::string> stems;
  for (const fs::path& file : list_plugins(folders)) stems.push_back(file.stem().string());
  const std::vector<std::string_view> names(stems.begin(), stems.end());
  return refusal(what + ": no " + std::string(name) + ".so in " + listed(folders) + suggestion(name, names));
}

}  // namespace

std::vector<fs::path> PluginFolders::all() const {
  std::vector<fs::path> folders;
  for (const fs::path& folder : command_line) add_once(folders, folder);
  for (const fs::path& folder : configuration) add_once(folders, folder);
  for (std::string_view rest = environment ? std::string_view(*environment) : std::string_view();
       !rest.empty();) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    add_once(folders, fs::path(folder));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
  }
  add_once(folders, installed);
  return folders;
}

Result<fs::path> find_plugin(std::string_view name, std::span<const fs::path> folders) {
  if (!is_name(name))
    return refusal("\"" + std::string(name) +
                   "\" is no name of a plugin: lower-case letters, digits and underscores, a letter first");
  std::vector<fs::path> found;
  for (const fs::path& folder : folders) {
    std::error_code error;
    const fs::path file = folder / (std::string(name) + ".so");
    if (fs::exists(file, error)) add_once(found, file);
  }
  if (found.empty()) return not_found(name, folders);
  if (found.size() > 1)
    return refusal("there are two plugins \"" + std::string(name) + "\": " + listed(found) +
                   "; remove one, or look in one of the folders only");
  return found.front();
}

std::vector<fs::path> list_plugins(std::span<const fs::path> folders) {
  std::vector<fs::path> files;
  for (const fs::path& folder : folders) {
    std::error_code error;
    std::vector<fs::path> here;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
      if (at->path().extension() == ".so") here.push_back(at->path());
    std::sort(here.begin(), here.end());
    files.insert(files.end(), here.begin(), here.end());
  }
  return files;
}

}  // namespace sluice::engine
