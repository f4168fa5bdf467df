// From YAML files to a Config. No I/O but reading the files; any thread.
//
// Every problem of a file is found, not the first only. A Config with problems is for nothing but looking at.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/environment.hpp"
#include "config/place.hpp"
#include "config/vocabulary.hpp"

namespace sluice::engine {

struct Loaded {
  Config config;
  std::vector<Problem> problems;  // in the order of files and lines

  [[nodiscard]] bool ok() const noexcept { return problems.empty(); }
};

// A file, or a folder whose *.yaml and *.yml files are read in the order of their names; not those of its
// folders. Paths in a file are relative to its folder.
[[nodiscard]] Loaded load(const std::filesystem::path& file_or_folder, const Vocabulary& vocabulary,
                          const Environment& environment);

// The same for a text that stands for the file of this path.
[[nodiscard]] Loaded load_text(std::string text, const std::filesystem::path& path,
                               const Vocabulary& vocabulary, const Environment& environment);

}  // namespace sluice::engine
