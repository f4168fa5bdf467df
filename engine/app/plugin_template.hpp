// The files of a new plugin: `sluice new plugin`.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sluice::engine {

// Whether a plugin may have the name: a lower-case letter, then lower-case letters, digits and underscores.
[[nodiscard]] bool is_plugin_name(std::string_view name);

// File name to content. The plugin builds as it is, passes its test and shows one handler with an option.
[[nodiscard]] std::map<std::string, std::string> plugin_files(std::string_view name);

}  // namespace sluice::engine
