// As much of JSON Schema as our schema uses, and a YAML file as JSON, to hold configurations to it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sluice::engine {

// What is wrong, each with its place; an unknown keyword of the schema is a problem too.
[[nodiscard]] std::vector<std::string> schema_problems(const nlohmann::json& schema,
                                                       const nlohmann::json& value);

// By the core schema of YAML 1.2, as editors read it: `on` and `off` are texts.
[[nodiscard]] nlohmann::json yaml_to_json(const std::string& text);

}  // namespace sluice::engine
