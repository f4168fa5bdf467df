// A YAML file as a tree with places. yaml-cpp is behind it and nowhere else.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/environment.hpp"
#include "config/place.hpp"
#include "config/source_file.hpp"

namespace sluice::engine::config {

// Aliases share their node, merge keys are resolved, scalars are substituted.
struct Node {
  enum class Kind : std::uint8_t { null, scalar, list, mapping };
  struct Entry {
    std::string key;
    Place place;  // of the key
    std::shared_ptr<const Node> value;
  };

  Kind kind = Kind::null;
  Place place;
  std::string text;     // of a scalar, substituted
  std::string written;  // of a scalar, before
  bool substituted = false;
  bool faulty = false;     // of a scalar: its substitution failed, and that has been said
  bool from_file = false;  // of a scalar: holds the content of a file, which is never shown
  std::vector<std::shared_ptr<const Node>> items;
  std::vector<Entry> entries;
  std::size_t size = 1;  // of it and all below, every alias counted

  [[nodiscard]] const Entry* find(std::string_view key) const noexcept {
    for (const Entry& entry : entries)
      if (entry.key == key) return &entry;
    return nullptr;
  }
};

// The one document of the file; null if it cannot be read. Adds what is wrong: syntax, keys twice,
// substitutions, and what exceeds the limits of size, depth and expanded aliases.
[[nodiscard]] std::shared_ptr<const Node> parse_yaml(const std::shared_ptr<SourceFile>& file,
                                                     const Environment& environment,
                                                     std::vector<Problem>& problems);

// The beginning of an error: what is there instead of what should be.
[[nodiscard]] std::string_view kind_name(Node::Kind kind) noexcept;

}  // namespace sluice::engine::config
