#include "config/reader.hpp"

#include <algorithm>
#include <optional>

#include "base/nearest.hpp"
#include "config/redact.hpp"

namespace sluice::engine::config {
namespace {

std::string joined(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

template <class Table, class Name>
std::vector<std::string_view> names_of(const Table& table, Name name) {
  std::vector<std::string_view> names;
  for (const auto& row : table) names.push_back(name(row));
  return names;
}

// What stands in place of a required value that is missing or wrong, so that reading can go on.
OptionValue blank_value(OptionType type) {
  switch (type) {
    case OptionType::text:
    case OptionType::path:
      return std::string();
    case OptionType::boolean:
      return false;
    case OptionType::integer:
    case OptionType::duration:
    case OptionType::bytes:
      return std::int64_t{0};
    case OptionType::number:
      return 0.0;
    case OptionType::texts:
      return OptionTexts{};
    case OptionType::map:
      return OptionMap{};
  }
  return std::string();
}

std::string subject(const std::string& path) { return path.empty() ? "the file" : path; }

// Whether what stands under the key may be quoted: that of a known key is hidden where it is read, and below
// an unknown one there may be a secret.
bool harmless(const Section& section, std::string_view key, std::optional<std::string_view> near) {
  if (section.name == "file" && key.starts_with("x-")) return true;
  for (const Field& field : section.fields) {
    if (field.spec.name == key) return true;
    if (field.spec.name == near) return field.shape == Shape::value || field.shape == Shape::section;
  }
  return false;
}

Error wrong(std::string message) { return {Code::configuration_invalid, std::move(message)}; }

bool is_empty_text(const OptionValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr && text->empty();
}

}  // namespace

std::string path_of(const std::string& parent, std::string_view name) {
  return parent.empty() ? std::string(name) : parent + '.' + std::string(name);
}

void Reader::problem(const Place& place, std::string_view message) {
  problems_.push_back({place, without_user_info(message)});
}

Object Reader::object(const Section& section, const Node* node, std::string path, const Place& place) {
  Object object{{}, std::move(path), place, node};
  const auto names =
      names_of(section.fields, [](const Field& field) -> std::string_view { return field.spec.name; });
  const bool readable = node == nullptr || expect_mapping(*node, object.path, joined(names));
  if (!readable) object.node = nullptr;

  if (object.node != nullptr)
    for (const Node::Entry& entry : object.node->entries) {
      if (!harmless(section, entry.key, nearest(entry.key, names))) hide(*entry.value);
      unknown_key(entry, object.path, names);
    }
  SecretNames secrets;
  for (const Field& field : section.fields) {
    const Node::Entry* entry = object.find(field.spec.name);
    if (!readable) {
      set_default(field.spec, object.values);
    } else if (field.shape == Shape::value) {
      value(field.spec, entry == nullptr ? nullptr : entry->value.get(),
            path_of(object.path, field.spec.name), object.place, object.values, secrets);
    } else if (entry == nullptr && !field.spec.fallback) {
      std::string message = subject(object.path) + " lacks \"" + field.spec.name + "\": " + field.spec.help;
      if (!field.example.empty())
        message += ", such as " + field.spec.name + ": " + std::string(field.example);
      problem(object.place, message);
    }
  }
  return object;
}

Object Reader::child(const Object& parent, std::string_view name) {
  const Node::Entry* entry = parent.find(name);
  const Node* node = entry == nullptr ? nullptr : entry->value.get();
  return object(section(name), node, path_of(parent.path, name),
                entry == nullptr ? parent.place : entry->place);
}

Options Reader::options(std::span<const OptionSpec> specs, const Node* node, const std::string& path,
                        const Place& place, SecretNames& secrets) {
  Options values;
  const auto names = names_of(specs, [](const OptionSpec& spec) -> std::string_view { return spec.name; });
  if (node != nullptr && !expect_mapping(*node, path, joined(names))) {
    for (const OptionSpec& spec : specs) set_default(spec, values);
    return values;
  }
  if (node != nullptr) {
    for (const Node::Entry& entry : node->entries) {
      // What an unknown option holds may be a secret under a mistyped name.
      const auto near = nearest(entry.key, names);
      for (const OptionSpec& spec : specs)
        if (spec.name == entry.key || spec.name == near.value_or("")) {
          if (spec.secret) hide(*entry.value);
        }
      if (!near) hide(*entry.value);
      unknown_key(entry, path, names);
    }
  }
  for (const OptionSpec& spec : specs) {
    const Node::Entry* entry = node == nullptr ? nullptr : node->find(spec.name);
    value(spec, entry == nullptr ? nullptr : entry->value.get(), path_of(path, spec.name), place, values,
          secrets);
  }
  return values;
}

VariantConfig Reader::variant(std::span<const VariantSpec> variants, const Node::Entry& entry,
                              const std::string& path) {
  VariantConfig config;
  config.place = entry.place;
  const auto names = names_of(variants, [](const VariantSpec& spec) { return spec.name; });
  const Node& node = *entry.value;
  if (node.kind != Node::Kind::mapping || node.entries.size() != 1) {
    std::string message = path + " takes one of: " + joined(names);
    if (node.kind == Node::Kind::scalar)
      message += "; write it as a mapping, such as { " + node.written + ": {} }";
    else if (node.entries.size() > 1)
      message += "; here are " + std::to_string(node.entries.size());
    problem(node.place, message);
    return config;
  }
  const Node::Entry& choice = node.entries.front();
  config.name = choice.key;
  config.place = choice.place;
  for (const VariantSpec& spec : variants) {
    if (spec.name != choice.key) continue;
    config.options =
        options(spec.options, choice.value.get(), path_of(path, choice.key), choice.place, config.secrets);
    return config;
  }
  hide(*choice.value);
  problem(choice.place, path + " knows no \"" + choice.key + '"' + suggestion(choice.key, names));
  return config;
}

void Reader::hide(const Node& node) {
  const bool names_only = node.substituted && node.written.find(":-") == std::string::npos;
  if (node.kind == Node::Kind::scalar && !names_only) file_->hide(node.place, node.written);
  for (const auto& item : node.items) hide(*item);
  for (const Node::Entry& entry : node.entries) hide(*entry.value);
}

bool Reader::expect_mapping(const Node& node, const std::string& path, std::string_view of_what) {
  if (node.kind == Node::Kind::mapping || node.kind == Node::Kind::null) return true;
  std::string message = subject(path) + " must be a mapping";
  if (!of_what.empty()) message += " of " + std::string(of_what);
  problem(node.place, message + "; here is " + std::string(kind_name(node.kind)));
  return false;
}

bool Reader::expect_list(const Node& node, const std::string& path, std::string_view of_what) {
  if (node.kind == Node::Kind::list) return true;
  problem(node.place, subject(path) + " must be a list of " + std::string(of_what) + "; here is " +
                          std::string(kind_name(node.kind)));
  return false;
}

void Reader::value(const OptionSpec& spec, const Node* node, const std::string& path, const Place& place,
                   Options& values, SecretNames& secrets) {
  set_default(spec, values);
  if (spec.secret) secrets.insert(spec.name);
  if (node == nullptr) {
    if (spec.fallback) return;
    const std::string parent = path.substr(0, path.size() - std::min(path.size(), spec.name.size() + 1));
    problem(place, subject(parent) + " lacks \"" + spec.name + "\": " + spec.help);
    return;
  }
  if (spec.secret) hide(*node);
  if (node->faulty) return;

  bool from_file = false;
  auto result = written_value(spec, *node, from_file);
  if (from_file) secrets.insert(spec.name);
  if (!result) {
    std::string message = path + ": " + result.error().message;
    const bool shown = node->substituted && !spec.secret && !node->from_file;
    if (shown) message += "; it comes from " + node->written;
    problem(node->place, message);
    return;
  }
  if (!spec.fallback && is_empty_text(*result)) {
    problem(node->place, path + " is empty; it needs a value");
    return;
  }
  values.set(spec.name, std::move(result).value());
}

Result<OptionValue> Reader::written_value(const OptionSpec& spec, const Node& node, bool& from_file) {
  switch (node.kind) {
    case Node::Kind::null:
      return wrong("there is no value; give one, or leave the key out");
    case Node::Kind::scalar:
      from_file = node.from_file;
      return scalar_value(spec, node);
    case Node::Kind::list: {
      if (spec.type != OptionType::texts) return wrong("a single value is needed here, no list");
      OptionTexts texts;
      for (const auto& item : node.items) {
        if (item->kind != Node::Kind::scalar) return wrong("the list may hold single values only");
        from_file = from_file || item->from_file;
        texts.push_back(item->text);
      }
      return OptionValue(std::move(texts));
    }
    case Node::Kind::mapping: {
      if (spec.type != OptionType::map) return wrong("a single value is needed here, no mapping");
      OptionMap map;
      for (const Node::Entry& entry : node.entries) {
        if (entry.value->kind != Node::Kind::scalar)
          return wrong("\"" + entry.key + "\" needs a single value");
        from_file = from_file || entry.value->from_file;
        map.emplace(entry.key, entry.value->text);
      }
      return OptionValue(std::move(map));
    }
  }
  return wrong("there is no value");
}

Result<OptionValue> Reader::scalar_value(const OptionSpec& spec, const Node& node) {
  if (spec.fallback && spec.fallback->empty() && node.text.empty()) return blank_value(spec.type);
  OptionSpec guarded = spec;
  guarded.secret = spec.secret || node.from_file;
  auto value = parse_option(guarded, node.text);
  if (value && spec.type == OptionType::path) return OptionValue(resolved(node.text));
  return value;
}

// "-" is a program's standard input by custom.
std::string Reader::resolved(const std::string& path) const {
  if (path.empty() || path == "-" || file_ == nullptr) return path;
  return (file_->folder() / path).lexically_normal().string();
}

void Reader::set_default(const OptionSpec& spec, Options& values) const {
  if (!spec.fallback) {
    values.set(spec.name, blank_value(spec.type));
    return;
  }
  const Options defaults = default_options(std::span(&spec, 1));
  OptionValue value = defaults.all().begin()->second;
  if (spec.type == OptionType::path) value = resolved(std::get<std::string>(value));
  values.set(spec.name, std::move(value));
}

void Reader::unknown_key(const Node::Entry& entry, const std::string& path,
                         std::span<const std::string_view> names) {
  for (const std::string_view name : names)
    if (name == entry.key) return;
  if (path.empty() && entry.key.starts_with("x-")) return;
  std::string message = subject(path) + " has no key \"" + entry.key + '"';
  problem(entry.place, message + suggestion(entry.key, names));
}

}  // namespace sluice::engine::config
