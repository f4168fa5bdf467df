#include "json_schema.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <regex>

namespace sluice::engine {
namespace {

using nlohmann::json;

bool has_type(const json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  return type == "null" && value.is_null();
}

class Validator {
 public:
  explicit Validator(const json& root) : root_(root) {}

  void check(const json& schema, const json& value, const std::string& at) {
    if (schema.is_boolean()) {
      if (!schema.get<bool>()) wrong(at, "nothing is allowed here");
      return;
    }
    for (const auto& [keyword, rule] : schema.items()) apply(keyword, rule, schema, value, at);
  }

  std::vector<std::string> problems;

 private:
  void wrong(const std::string& at, const std::string& what) { problems.push_back(at + ": " + what); }

  void apply(const std::string& keyword, const json& rule, const json& schema, const json& value,
             const std::string& at) {
    static const std::vector<std::string> silent{"$schema",     "$defs",   "title",
                                                 "description", "default", "writeOnly"};
    if (std::ranges::find(silent, keyword) != silent.end()) return;
    if (keyword == "$ref")
      return check(root_.at(json::json_pointer(rule.get<std::string>().substr(1))), value, at);
    if (keyword == "type") return check_type(rule, value, at);
    if (keyword == "enum") return expect(std::ranges::find(rule, value) != rule.end(), at, "not of the enum");
    if (keyword == "const") return expect(rule == value, at, "not the constant");
    if (keyword == "anyOf") return check_any(rule, value, at);
    if (keyword == "pattern")
      return expect(!value.is_string() ||
                        std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>())),
                    at, "does not match " + rule.get<std::string>());
    if (keyword == "minimum") return expect(!value.is_number() || value >= rule, at, "below the minimum");
    if (keyword == "maximum") return expect(!value.is_number() || value <= rule, at, "above the maximum");
    if (keyword == "minProperties")
      return expect(!value.is_object() || value.size() >= rule, at, "too few keys");
    if (keyword == "maxProperties")
      return expect(!value.is_object() || value.size() <= rule, at, "too many keys");
    if (keyword == "required") return check_required(rule, value, at);
    if (keyword == "items") return check_items(rule, value, at);
    if (keyword == "properties" || keyword == "patternProperties") return;  // with additionalProperties
    if (keyword == "additionalProperties") return check_properties(schema, value, at);
    wrong(at, "the schema has an unknown keyword " + keyword);
  }

  void expect(bool holds, const std::string& at, const std::string& what) {
    if (!holds) wrong(at, what);
  }

  void check_type(const json& types, const json& value, const std::string& at) {
    const bool fits = types.is_string()
                          ? has_type(value, types)
                          : std::ranges::any_of(types, [&](const json& t) { return has_type(value, t); });
    expect(fits, at, "of the wrong type, " + types.dump());
  }

  void check_any(const json& schemas, const json& value, const std::string& at) {
    for (const json& schema : schemas) {
      Validator attempt(root_);
      attempt.check(schema, value, at);
      if (attempt.problems.empty()) return;
    }
    wrong(at, "fits none of " + std::to_string(schemas.size()));
  }

  void check_required(const json& keys, const json& value, const std::string& at) {
    if (!value.is_object()) return;
    for (const json& key : keys) expect(value.contains(key.get<std::string>()), at, "lacks " + key.dump());
  }

  void check_items(const json& schema, const json& value, const std::string& at) {
    if (!value.is_array()) return;
    for (const json& item : value) check(schema, item, at + "[]");
  }

  void check_properties(const json& schema, const json& value, const std::string& at) {
    if (!value.is_object()) return;
    const json properties = schema.value("properties", json::object());
    const json patterns = schema.value("patternProperties", json::object());
    for (const auto& [key, each] : value.items()) {
      const bool by_pattern = std::ranges::any_of(patterns.items(), [&key = key](const auto& pattern) {
        return std::regex_search(key, std::regex(pattern.key()));
      });
      if (properties.contains(key))
        check(properties.at(key), each, at + '.' + key);
      else if (!by_pattern)
        check(schema.at("additionalProperties"), each, at + '.' + key);
    }
  }

  const json& root_;
};

json scalar_to_json(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;
  if (text == "true" || text == "false") return text == "true";
  static const std::regex integer("[-+]?[0-9]+");
  static const std::regex number("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  if (std::regex_match(text, integer)) return std::stoll(text);
  if (std::regex_match(text, number)) return std::stod(text);
  return text;
}

json node_to_json(const YAML::Node& node) {
  if (node.IsScalar()) return scalar_to_json(node);
  if (node.IsNull()) return nullptr;
  json value = node.IsMap() ? json::object() : json::array();
  for (const auto& each : node) {
    if (node.IsMap())
      value[each.first.Scalar()] = node_to_json(each.second);
    else
      value.push_back(node_to_json(each));
  }
  return value;
}

}  // namespace

std::vector<std::string> schema_problems(const json& schema, const json& value) {
  Validator validator(schema);
  validator.check(schema, value, "$");
  return std::move(validator.problems);
}

json yaml_to_json(const std::string& text) { return node_to_json(YAML::Load(text)); }

}  // namespace sluice::engine
