// JSON Schema of the table of fields.
#include "config/schema.hpp"

#include <nlohmann/json.hpp>

#include "config/fields.hpp"

namespace sluice::engine {
namespace {

using namespace config;

using Json = nlohmann::ordered_json;

// A text with a substitution stands for any value.
const Json& substitution() {
  static const Json schema{{"type", "string"}, {"pattern", "\\$\\{.+\\}"}};
  return schema;
}

Json reference(std::string_view name) { return {{"$ref", "#/$defs/" + std::string(name)}}; }

// A number may be quoted: it is known by what is expected, not by its quotes.
Json quotable(Json schema, std::string_view pattern) {
  Json text{{"type", "string"}, {"pattern", pattern}};
  return {{"anyOf", Json::array({std::move(schema), std::move(text), substitution()})}};
}

Json ranged(std::string_view type, const OptionSpec& spec) {
  Json schema{{"type", type}};
  if (spec.minimum) schema["minimum"] = *spec.minimum;
  if (spec.maximum) schema["maximum"] = *spec.maximum;
  return schema;
}

Json text_or_number() { return {{"type", {"string", "number", "boolean"}}}; }

Json choice_schema(const OptionSpec& spec) {
  if (spec.choices.empty()) return text_or_number();
  Json choices = spec.choices;
  if (spec.fallback && spec.fallback->empty()) choices.push_back("");
  return {{"anyOf", Json::array({Json{{"enum", std::move(choices)}}, substitution()})}};
}

Json type_schema(const OptionSpec& spec) {
  switch (spec.type) {
    case OptionType::text:
      return choice_schema(spec);
    case OptionType::path:
      return {{"type", "string"}};
    case OptionType::boolean:
      return quotable({{"type", "boolean"}}, "^(true|false)$");
    case OptionType::integer:
      return quotable(ranged("integer", spec), "^-?[0-9]+$");
    case OptionType::number:
      return quotable({{"type", "number"}}, "^-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?$");
    case OptionType::duration:
      return quotable({{"const", 0}}, "^(0|[0-9]+(\\.[0-9]+)? *(us|ms|s|m|h|d))$");
    case OptionType::bytes:
      return quotable(ranged("integer", spec), "^[0-9]+(\\.[0-9]+)? *([kKMGT]B|[KMGT]iB|B)?$");
    case OptionType::texts:
      return {
          {"anyOf", Json::array({text_or_number(), Json{{"type", "array"}, {"items", text_or_number()}}})}};
    case OptionType::map:
      return {{"type", "object"}, {"additionalProperties", text_or_number()}};
  }
  return true;
}

// The default as YAML would read it.
Json default_value(const OptionSpec& spec) {
  const std::string& text = *spec.fallback;
  if (spec.type == OptionType::boolean) return text == "true";
  if (spec.type == OptionType::integer || spec.type == OptionType::number) return Json::parse(text);
  return text;
}

void describe(const OptionSpec& spec, Json& schema) {
  schema["description"] = spec.help;
  if (spec.fallback && !spec.fallback->empty() && *spec.fallback != "[]" && *spec.fallback != "{}")
    schema["default"] = default_value(spec);
  if (spec.secret) schema["writeOnly"] = true;
}

Json object_schema(Json properties, Json required) {
  Json schema{{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

// Nothing after a key is as good as an empty mapping, where nothing is required.
Json or_nothing(Json schema) {
  if (!schema.contains("required")) schema["type"] = {"object", "null"};
  return schema;
}

Json options_schema(std::span<const OptionSpec> specs) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const OptionSpec& spec : specs) {
    Json schema = type_schema(spec);
    describe(spec, schema);
    properties[spec.name] = std::move(schema);
    if (!spec.fallback) required.push_back(spec.name);
  }
  return or_nothing(object_schema(std::move(properties), std::move(required)));
}

Json variants_schema(std::span<const VariantSpec> variants) {
  Json properties = Json::object();
  for (const VariantSpec& variant : variants) {
    Json schema = options_schema(variant.options);
    schema["description"] = variant.help;
    properties[std::string(variant.name)] = std::move(schema);
  }
  Json schema = object_schema(std::move(properties), {});
  schema["minProperties"] = 1;
  schema["maxProperties"] = 1;
  return schema;
}

Json field_schema(const Field& field) {
  switch (field.shape) {
    case Shape::value:
      return type_schema(field.spec);
    case Shape::section:
      if (!field.off) return reference(field.of);
      return {{"anyOf", Json::array({reference(field.of), Json{{"enum", {"off", false}}}})}};
    case Shape::named:
      return {{"type", {"object", "null"}}, {"additionalProperties", reference(field.of)}};
    case Shape::list:
      return {{"type", "array"}, {"items", reference(field.of)}};
    case Shape::variant:
      return reference(field.of);
    case Shape::options:
      return {{"type", {"object", "null"}}};
    case Shape::versions:
      return {{"type", {"object", "null"}}, {"additionalProperties", Json{{"type", {"string", "number"}}}}};
    case Shape::keys:
      return {{"type", "object"},
              {"minProperties", 1},
              {"additionalProperties", Json{{"enum", {1, -1, "1", "-1"}}}}};
  }
  return true;
}

Json section_schema(const Section& section) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Field& field : section.fields) {
    Json schema = field_schema(field);
    describe(field.spec, schema);
    properties[field.spec.name] = std::move(schema);
    if (!field.spec.fallback) required.push_back(field.spec.name);
  }
  return or_nothing(object_schema(std::move(properties), std::move(required)));
}

}  // namespace

std::string json_schema(const Vocabulary& vocabulary) {
  Json definitions = Json::object();
  for (const Section& each : sections().subspan(1))
    definitions[std::string(each.name)] = section_schema(each);
  definitions["source"] = variants_schema(vocabulary.sources);
  definitions["decode"] = variants_schema(vocabulary.decoders);
  definitions["store"] = variants_schema(vocabulary.stores);
  definitions["dead_letters"] = variants_schema(vocabulary.dead_letters);

  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"title", "Configuration of sluice"}};
  schema.update(section_schema(sections().front()));
  schema["patternProperties"] = {{"^x-", true}};
  schema["$defs"] = std::move(definitions);
  return schema.dump(2) + '\n';
}

}  // namespace sluice::engine
