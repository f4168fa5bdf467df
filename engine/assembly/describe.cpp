#include "assembly/describe.hpp"

#include "assembly/connectors.hpp"

namespace sluice::engine {
namespace {

std::string without_user_info(std::string text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return text;
  const std::size_t start = scheme + 3;
  const std::size_t at = text.rfind('@');  // wherever: a password may hold what should have been encoded
  if (at == std::string::npos || at < start) return text;
  return text.replace(start, at - start, "***");
}

std::string value_text(const OptionSpec& spec, const OptionValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return without_user_info(*text);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    if (spec.type == OptionType::duration) return duration_to_text(microseconds(*integer));
    return spec.type == OptionType::bytes ? bytes_to_text(*integer) : std::to_string(*integer);
  }
  if (const auto* texts = std::get_if<OptionTexts>(&value)) {
    std::string joined;
    for (const std::string& text : *texts) joined += (joined.empty() ? "" : ",") + without_user_info(text);
    return joined;
  }
  return "";  // numbers and maps: nobody looks for them here
}

bool is_default(const OptionSpec& spec, const OptionValue& value) {
  if (!spec.fallback) return false;
  const auto fallback = parse_option(spec, *spec.fallback);
  return fallback && *fallback == value;
}

std::string describe(const VariantConfig& variant, std::span<const OptionSpec> specs) {
  std::string options;
  for (const OptionSpec& spec : specs) {
    const auto found = variant.options.all().find(spec.name);
    if (found == variant.options.all().end() || spec.secret || is_default(spec, found->second)) continue;
    const std::string text = value_text(spec, found->second);
    if (!text.empty()) options += (options.empty() ? "" : ", ") + spec.name + '=' + text;
  }
  return options.empty() ? variant.name : variant.name + " (" + options + ')';
}

std::string names_of(const PipelineConfig& pipeline) {
  std::string names;
  for (const HandlerConfig& handler : pipeline.handlers) names += (names.empty() ? "" : ", ") + handler.name;
  return names;
}

}  // namespace

std::string describe(const PipelineConfig& pipeline) {
  std::string text = describe(pipeline.source, find_connector(pipeline.source.name)->source->options) +
                     " -> " + names_of(pipeline);
  if (pipeline.store)
    text += " -> " + describe(*pipeline.store, find_connector(pipeline.store->name)->store->options);
  if (pipeline.dead_letters)
    text += "; dead letters: " + describe(*pipeline.dead_letters,
                                          find_connector(pipeline.dead_letters->name)->dead_letters->options);
  return text;
}

}  // namespace sluice::engine
