// What a configuration may name beyond the engine's own keys: connectors and decoders, each a name with its
// table of options. Filled by engine/assembly, so that this room knows no connector.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/options.hpp"

namespace sluice::engine {

// One choice of a variant: `sqlite: { … }`. Borrowed; the tables live as long as the program.
struct VariantSpec {
  std::string_view name;
  std::string_view help;  // one line
  std::span<const OptionSpec> options;
  std::string_view
      decoder{};  // of a source: the one for its records where the pipeline names none; may be empty
};

struct Vocabulary {
  std::vector<VariantSpec> sources;
  std::vector<VariantSpec> stores;
  std::vector<VariantSpec> dead_letters;
  std::vector<VariantSpec> decoders;
};

}  // namespace sluice::engine
