// What the table of fields and the vocabulary say, for editors and for people.
#pragma once

#include <string>

#include "config/vocabulary.hpp"

namespace sluice::engine {

// JSON Schema, draft 2020-12. Values with ${…} pass wherever a scalar may stand.
[[nodiscard]] std::string json_schema(const Vocabulary& vocabulary);

// docs/configuration.md.
[[nodiscard]] std::string reference_markdown(const Vocabulary& vocabulary);

}  // namespace sluice::engine
