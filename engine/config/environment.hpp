// What ${…} in a configuration stands for: variables of the process and of .env files, and files.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/place.hpp"

namespace sluice::engine {

class Environment {
 public:
  // With the variables of this process. Not while another thread changes them.
  [[nodiscard]] static Environment of_process();

  void set(std::string name, std::string value) {
    variables_.insert_or_assign(std::move(name), std::move(value));
  }

  // Adds the variables of a .env file that are not set yet: the process comes first, then earlier files.
  // Lines are NAME=value, with or without `export` before; a value may stand in single quotes (taken as it
  // is) or double quotes (with \n, \t, \", \\, \$); # begins a comment. Nothing is substituted within.
  [[nodiscard]] std::vector<Problem> add_file(const std::filesystem::path& path);

  [[nodiscard]] std::optional<std::string_view> variable(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> names() const;

  // The text of a file, at most 1 MiB, without the line end at its end; the error says why not.
  [[nodiscard]] static Result<std::string> read(const std::filesystem::path& path);

 private:
  std::map<std::string, std::string, std::less<>> variables_;
};

}  // namespace sluice::engine
