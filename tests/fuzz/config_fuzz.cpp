// Any bytes as a configuration: the reader answers with problems, whatever they are, and every answer can be
// shown. What it accepts, it accepts again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "config/bind.hpp"
#include "config/load.hpp"

using namespace sluice::engine;

namespace {

Vocabulary small_vocabulary() {
  static const std::vector<OptionSpec> options{
      {.name = "path", .type = OptionType::path},
      {.name = "secret", .fallback = "", .secret = true},
      {.name = "size", .type = OptionType::bytes, .fallback = "4MiB", .minimum = 1},
      {.name = "pause", .type = OptionType::duration, .fallback = "20ms"},
      {.name = "names", .type = OptionType::texts, .fallback = "[]"},
      {.name = "client", .type = OptionType::map, .fallback = "{}"},
  };
  const VariantSpec file{"file", "a file", options};
  return {.sources = {file}, .stores = {file}, .dead_letters = {file}, .decoders = {file}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Vocabulary vocabulary = small_vocabulary();
  Environment environment;
  environment.set("NAME", "value");
  const std::vector<DeclaredPlugin> plugins{
      {"p", {{.name = "c", .sink = true, .types = {"T"}, .options = {}}}}};
  const std::string text(reinterpret_cast<const char*>(bytes), size);

  Loaded loaded = load_text(text, "/nowhere/fuzz.yaml", vocabulary, environment);
  if (to_text(loaded.problems).empty() != loaded.ok()) std::abort();
  if (!loaded.ok()) return 0;
  for (PipelineConfig& pipeline : loaded.config.pipelines)
    if (to_text(sluice::engine::bind(pipeline, plugins)).find('\0') != std::string::npos) std::abort();
  if (!load_text(text, "/nowhere/fuzz.yaml", vocabulary, environment).ok()) std::abort();
  return 0;
}
