// Why a plugin is not taken: every refusal has one code, and most name the file.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace sluice::engine {

[[nodiscard]] inline Error refusal(std::string why) { return {Code::plugin_refused, std::move(why)}; }

[[nodiscard]] inline Error refusal(const std::filesystem::path& file, const std::string& why) {
  return refusal("the plugin " + file.string() + ' ' + why);
}

}  // namespace sluice::engine
