// ${NAME}, ${NAME:-default}, ${file:path} and $$ in the scalars of a configuration.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/environment.hpp"

namespace sluice::engine::config {

struct Substituted {
  struct Fault {
    std::size_t offset;  // in the text as written
    std::size_t length;
    std::string message;
  };

  std::string text;
  bool changed = false;
  bool from_file = false;  // part of it is the content of a file: not to be shown
  std::vector<Fault> faults;
};

// Files are relative to the folder. A default may hold substitutions itself.
[[nodiscard]] Substituted substitute(std::string_view written, const Environment& environment,
                                     const std::filesystem::path& folder);

}  // namespace sluice::engine::config
