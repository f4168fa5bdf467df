// The decoders there are: engine/config checks YAML against their options, engine/assembly makes one for
// each worker.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "core/event.hpp"
#include "core/options.hpp"

namespace sluice::engine {

struct DecoderSpec {
  std::string_view name;  // its key in YAML's `decode`
  std::string_view help;  // one line
  std::span<const OptionSpec> options;
  // Throws ConfigurationError when the options do not go together.
  std::unique_ptr<Decoder> (*make)(const Options& options);
};

[[nodiscard]] std::span<const DecoderSpec> decoders();

// Null when there is none of that name.
[[nodiscard]] const DecoderSpec* find_decoder(std::string_view name);

}  // namespace sluice::engine
