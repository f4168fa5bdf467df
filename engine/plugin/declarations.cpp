#include "plugin/declarations.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/utf8.hpp"
#include "plugin/host.hpp"
#include "plugin/names.hpp"
#include "plugin/refusal.hpp"

namespace sluice::engine {
namespace {

// The sizes of version 1.0: up to here every plugin of this major version has the structs.
constexpr std::size_t plugin_size = offsetof(sluice_plugin, component_count) + sizeof(std::size_t);
constexpr std::size_t component_size = offsetof(sluice_component, deliver) + sizeof(void*);
constexpr std::size_t option_size = offsetof(sluice_option_spec, choice_count) + sizeof(std::size_t);
// More than anyone declares; a count beyond is rubbish and not followed.
constexpr std::size_t most_declared = 10'000;

Error too_small(const std::string& what, std::size_t is, std::size_t wanted) {
  return refusal("declares " + what + " whose struct has " + std::to_string(is) + " bytes instead of " +
                 std::to_string(wanted) + " or more: build it again with SDK " SLUICE_SDK_VERSION);
}

std::optional<OptionType> type_from(std::uint32_t type) noexcept {
  switch (type) {
    case SLUICE_OPTION_TEXT:
      return OptionType::text;
    case SLUICE_OPTION_BOOLEAN:
      return OptionType::boolean;
    case SLUICE_OPTION_INTEGER:
      return OptionType::integer;
    case SLUICE_OPTION_NUMBER:
      return OptionType::number;
    case SLUICE_OPTION_DURATION:
      return OptionType::duration;
    case SLUICE_OPTION_BYTES:
      return OptionType::bytes;
    default:
      return std::nullopt;
  }
}

// A list of the ABI that can be walked: a pointer for its count, and a count that can be.
bool is_list(const void* first, std::size_t count) noexcept {
  return count == 0 || (first != nullptr && count <= most_declared);
}

Result<std::vector<std::string>> texts(const sluice_text* first, std::size_t count, const std::string& what) {
  std::vector<std::string> list;
  if (!is_list(first, count)) return refusal("declares " + what + " as no list");
  for (const sluice_text& text : std::span(first, count)) {
    const std::string_view one = from_abi(text);
    if (one.empty() || !is_utf8(one))
      return refusal("declares " + what + " with one that is empty or not UTF-8");
    list.emplace_back(one);
  }
  return list;
}

Result<OptionSpec> option_from(const sluice_option_spec* abi, const std::string& component) {
  const std::string of = " of \"" + component + '"';
  if (abi == nullptr) return refusal("declares an option" + of + " that is null");
  if (abi->size < option_size) return too_small("an option" + of, abi->size, option_size);

  OptionSpec spec;
  spec.name = readable(abi->name);
  if (!is_name(spec.name))
    return refusal("declares an option" + of + " without a valid name: \"" + spec.name + '"');
  const std::string what = "the option \"" + spec.name + '"' + of;
  const auto type = type_from(abi->type);
  if (!type)
    return refusal("declares " + what + " with the type " + std::to_string(abi->type) + ", which is none");
  spec.type = *type;
  spec.help = readable(abi->help);
  spec.secret = abi->secret != 0;
  auto choices = texts(abi->choices, abi->choice_count, "the choices of " + what);
  if (!choices) return choices.error();
  spec.choices = *std::move(choices);
  if (abi->default_text.data == nullptr) return spec;

  spec.fallback = readable(abi->default_text);
  if (auto valid = parse_option(spec, *spec.fallback); !valid)
    return refusal("declares " + what + " with a default that is none: " + valid.error().message);
  return spec;
}

Result<ComponentKind> kind_from(const sluice_component& abi, const std::string& name) {
  const std::string missing = "declares \"" + name + "\" without the functions of its kind";
  if (abi.create == nullptr || abi.destroy == nullptr) return refusal(missing);
  if (abi.kind == SLUICE_HANDLER)
    return abi.handle == nullptr ? Result<ComponentKind>(refusal(missing)) : ComponentKind::handler;
  if (abi.kind == SLUICE_SINK)
    return abi.deliver == nullptr ? Result<ComponentKind>(refusal(missing)) : ComponentKind::sink;
  return refusal("declares \"" + name + "\" as neither handler nor sink");
}

Result<ComponentSpec> component_from(const sluice_component* abi) {
  if (abi == nullptr) return refusal("declares a component that is null");
  if (abi->size < component_size) return too_small("a component", abi->size, component_size);
  ComponentSpec spec;
  spec.name = readable(abi->name);
  if (!is_name(spec.name)) return refusal("declares a component without a valid name: \"" + spec.name + '"');
  spec.help = readable(abi->help);

  const auto kind = kind_from(*abi, spec.name);
  if (!kind) return kind.error();
  spec.kind = *kind;
  auto types = texts(abi->event_types, abi->event_type_count, "the event types of \"" + spec.name + '"');
  if (!types) return types.error();
  spec.event_types = *std::move(types);

  if (!is_list(abi->options, abi->option_count))
    return refusal("declares the options of \"" + spec.name + "\" as no list");
  for (const sluice_option_spec* option : std::span(abi->options, abi->option_count)) {
    auto checked = option_from(option, spec.name);
    if (!checked) return checked.error();
    const bool twice = std::any_of(spec.options.begin(), spec.options.end(),
                                   [&](const OptionSpec& one) { return one.name == checked->name; });
    if (twice) return refusal("declares the option \"" + checked->name + "\" of \"" + spec.name + "\" twice");
    spec.options.push_back(*std::move(checked));
  }
  return spec;
}

}  // namespace

Result<std::vector<CheckedComponent>> check_declarations(const sluice_plugin& plugin,
                                                         const Manifest& manifest) {
  if (plugin.size < plugin_size) return too_small("itself", plugin.size, plugin_size);
  if (from_abi(plugin.name) != manifest.name || from_abi(plugin.version) != manifest.version)
    return refusal("calls itself \"" + readable(plugin.name) + "\" " + readable(plugin.version) +
                   " once loaded, but its manifest says \"" + manifest.name + "\" " + manifest.version);
  if (!is_list(plugin.components, plugin.component_count))
    return refusal("declares its components as no list");
  if (plugin.component_count == 0) return refusal("declares no components");

  std::vector<CheckedComponent> checked;
  for (const sluice_component* abi : std::span(plugin.components, plugin.component_count)) {
    auto spec = component_from(abi);
    if (!spec) return spec.error();
    const bool twice = std::any_of(checked.begin(), checked.end(),
                                   [&](const CheckedComponent& one) { return one.spec.name == spec->name; });
    if (twice) return refusal("declares two components called \"" + spec->name + '"');
    checked.push_back({*std::move(spec), abi});
  }
  return checked;
}

}  // namespace sluice::engine
