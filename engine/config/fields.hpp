// The one table of what a configuration may say. The checks, the defaults, docs/configuration.md and the JSON
// Schema are made from it; nothing else knows a default or a limit.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/options.hpp"

namespace sluice::engine::config {

enum class Shape : std::uint8_t {
  value,     // as OptionSpec::type says
  section,   // a mapping: the section named in `of`
  named,     // a mapping from names of the writer's choice to such sections
  list,      // a list of such sections
  variant,   // a mapping with one key: a connector or decoder; `of` names the role
  options,   // a mapping that a plugin's component declares
  versions,  // a mapping from plugins to version ranges
  keys,      // a mapping from paths to 1 or -1, in order
};

struct Field {
  OptionSpec
      spec;  // name and help; type, default, range of a value; a default means that the key may stay away
  Shape shape = Shape::value;
  std::string_view of{};
  std::string_view shown_default{};  // where the default is not a value but depends on something
  std::string_view example{};        // how it is written, where that is not plain
  bool off = false;                  // of a section: `off` may stand in its place
};

struct Section {
  std::string_view name;
  std::string_view title;
  std::string_view help;
  std::vector<Field> fields;

  // The field must be there: asking for another is a bug.
  [[nodiscard]] const Field& field(std::string_view name) const;
};

// The first is the file itself; the others in the order of their first mention.
[[nodiscard]] std::span<const Section> sections();
[[nodiscard]] const Section& section(std::string_view name);

}  // namespace sluice::engine::config
