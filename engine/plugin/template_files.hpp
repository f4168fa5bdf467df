// The files of plugins/sdk/template as the build found them.
#pragma once

#include <span>
#include <string_view>

namespace sluice::engine {

struct TemplateFile {
  std::string_view name;
  std::string_view content;
};

[[nodiscard]] std::span<const TemplateFile> template_files() noexcept;

}  // namespace sluice::engine
