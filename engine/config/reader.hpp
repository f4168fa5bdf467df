// Reads the nodes of one file by the tables: what every section, connector and plugin has in common. Collects
// problems and goes on with defaults in place of what is wrong.
#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/fields.hpp"
#include "config/source_file.hpp"
#include "config/vocabulary.hpp"
#include "config/yaml.hpp"

namespace sluice::engine::config {

using SecretNames = std::set<std::string, std::less<>>;

// A section as it was read: its values, and its node for all else. Borrows the tree.
struct Object {
  Options values;
  std::string path;            // "pipelines.activity.batch"
  Place place;                 // of its key
  const Node* node = nullptr;  // null: it is not there

  [[nodiscard]] const Node::Entry* find(std::string_view name) const noexcept {
    return node == nullptr ? nullptr : node->find(name);
  }
  [[nodiscard]] bool has(std::string_view name) const noexcept { return find(name) != nullptr; }
  // Where the value stands, or else the object.
  [[nodiscard]] const Place& place_of(std::string_view name) const noexcept {
    const Node::Entry* entry = find(name);
    return entry == nullptr ? place : entry->value->place;
  }
};

class Reader {
 public:
  // Without a file only defaults can be read.
  Reader(std::shared_ptr<SourceFile> file, std::vector<Problem>& problems)
      : file_(std::move(file)), problems_(problems) {}

  [[nodiscard]] const std::shared_ptr<SourceFile>& file() const noexcept { return file_; }

  // User info of URIs in the message is masked.
  void problem(const Place& place, std::string_view message);

  // The entry is null where the section may stay away and does: all defaults.
  [[nodiscard]] Object object(const Section& section, const Node* node, std::string path, const Place& place);
  // The section below an object, by the field of its name.
  [[nodiscard]] Object child(const Object& parent, std::string_view name);

  // Options of a connector, a decoder or a plugin's component.
  [[nodiscard]] Options options(std::span<const OptionSpec> specs, const Node* node, const std::string& path,
                                const Place& place, SecretNames& secrets);

  [[nodiscard]] VariantConfig variant(std::span<const VariantSpec> variants, const Node::Entry& entry,
                                      const std::string& path);

  // Nothing of what stands in the node is quoted from now on.
  void hide(const Node& node);

  // Whether the node is a mapping or nothing at all; else a problem.
  [[nodiscard]] bool expect_mapping(const Node& node, const std::string& path, std::string_view of_what);
  [[nodiscard]] bool expect_list(const Node& node, const std::string& path, std::string_view of_what);

 private:
  void value(const OptionSpec& spec, const Node* node, const std::string& path, const Place& place,
             Options& values, SecretNames& secrets);
  [[nodiscard]] Result<OptionValue> written_value(const OptionSpec& spec, const Node& node, bool& from_file);
  [[nodiscard]] Result<OptionValue> scalar_value(const OptionSpec& spec, const Node& node);
  [[nodiscard]] std::string resolved(const std::string& path) const;
  void set_default(const OptionSpec& spec, Options& values) const;
  void unknown_key(const Node::Entry& entry, const std::string& path,
                   std::span<const std::string_view> names);

  std::shared_ptr<SourceFile> file_;
  std::vector<Problem>& problems_;
};

// "activity.batch" of "activity" and "batch".
[[nodiscard]] std::string path_of(const std::string& parent, std::string_view name);

}  // namespace sluice::engine::config
