#include "plugin/host.hpp"

#include <utility>
#include <variant>

#include "base/utf8.hpp"

namespace sluice::engine {
namespace {

PluginLogLevel level_from(std::uint32_t level) noexcept {
  switch (level) {
    case SLUICE_DEBUG:
      return PluginLogLevel::debug;
    case SLUICE_INFO:
      return PluginLogLevel::info;
    case SLUICE_WARNING:
      return PluginLogLevel::warning;
    default:
      return PluginLogLevel::error;
  }
}

template <class T>
const T* find(const sluice_options* options, sluice_text name) noexcept {
  const auto& values = static_cast<const Options*>(options->engine)->all();
  const auto found = values.find(from_abi(name));
  return found == values.end() ? nullptr : std::get_if<T>(&found->second);
}

sluice_status text_option(const sluice_options* options, sluice_text name, sluice_text* value) noexcept {
  const auto* found = find<std::string>(options, name);
  if (found == nullptr) return SLUICE_REJECTED;
  *value = to_abi(*found);
  return SLUICE_OK;
}

sluice_status integer_option(const sluice_options* options, sluice_text name, std::int64_t* value) noexcept {
  const auto* found = find<std::int64_t>(options, name);
  if (found == nullptr) return SLUICE_REJECTED;
  *value = *found;
  return SLUICE_OK;
}

sluice_status number_option(const sluice_options* options, sluice_text name, double* value) noexcept {
  const auto* found = find<double>(options, name);
  if (found == nullptr) return SLUICE_REJECTED;
  *value = *found;
  return SLUICE_OK;
}

sluice_status boolean_option(const sluice_options* options, sluice_text name, std::uint32_t* value) noexcept {
  const auto* found = find<bool>(options, name);
  if (found == nullptr) return SLUICE_REJECTED;
  *value = *found ? 1 : 0;
  return SLUICE_OK;
}

}  // namespace

std::string readable(sluice_text text) {
  constexpr std::size_t longest = 4096;
  std::string_view view = from_abi(text);
  const bool cut = view.size() > longest;
  if (cut) {
    view = view.substr(0, longest);
    // Not in the middle of a character: its continuation bytes and its first byte go.
    while (!view.empty() && (static_cast<unsigned char>(view.back()) & 0xc0U) == 0x80U) view.remove_suffix(1);
    if (!view.empty() && static_cast<unsigned char>(view.back()) >= 0xc0U) view.remove_suffix(1);
  }
  std::string copy(view);
  if (!is_utf8(copy))
    for (char& c : copy)
      if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  if (cut) copy += "…";
  return copy;
}

PluginHost::PluginHost(PluginLog log, std::string_view instance)
    : log_(std::move(log)),
      instance_(instance),
      abi_{sizeof abi_, SLUICE_ABI_MAJOR, SLUICE_ABI_MINOR, write, this} {}

void PluginHost::write(const sluice_host* host, std::uint32_t level, sluice_text message) noexcept {
  const auto& self = *static_cast<const PluginHost*>(host->engine);
  if (self.log_) self.log_(level_from(level), self.instance_, readable(message));
}

void Report::say(sluice_report* report, sluice_text text) noexcept {
  static_cast<Report*>(report->engine)->text_ = readable(text);
}

OptionsForPlugin::OptionsForPlugin(const Options& options) noexcept
    : abi_{sizeof abi_, text_option, integer_option, number_option, boolean_option, &options} {}

}  // namespace sluice::engine
