#include "plugin/new_plugin.hpp"

#include <fstream>
#include <system_error>

#include "plugin/names.hpp"
#include "plugin/template_files.hpp"
#include "sluice/abi.h"

namespace sluice::engine {
namespace fs = std::filesystem;
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// "order_lines" as "OrderLines".
std::string class_name(std::string_view name) {
  std::string made;
  bool first = true;
  for (const char c : name) {
    if (c != '_') made += first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    first = c == '_';
  }
  return made;
}

Error not_made(std::string why) { return {Code::configuration_invalid, std::move(why)}; }

}  // namespace

std::map<std::string, std::string> plugin_files(std::string_view name) {
  std::map<std::string, std::string> files;
  for (const TemplateFile& from : template_files()) {
    std::string file(from.name);
    replace_all(file, "NAME", name);
    std::string content(from.content);
    replace_all(content, "@NAME@", name);
    replace_all(content, "@CLASS@", class_name(name));
    replace_all(content, "@SDK@", SLUICE_SDK_VERSION);
    files.emplace(std::move(file), std::move(content));
  }
  return files;
}

Result<std::vector<fs::path>> create_plugin(std::string_view name, const fs::path& folder) {
  if (!is_name(name))
    return not_made("\"" + std::string(name) +
                    "\" is no name of a plugin: lower-case letters, digits and underscores, a letter first");
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error))
    return not_made(folder.string() + " is there already and not empty: nothing was written");
  fs::create_directories(folder, error);
  if (error) return not_made(folder.string() + " cannot be made: " + error.message());

  std::vector<fs::path> written;
  for (const auto& [file, content] : plugin_files(name)) {
    const fs::path path = folder / file;
    std::ofstream out(path, std::ios::binary);
    out << content << std::flush;
    if (!out) return not_made(path.string() + " cannot be written");
    written.push_back(path);
  }
  return written;
}

}  // namespace sluice::engine
