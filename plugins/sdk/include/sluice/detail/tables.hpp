// The C tables of a plugin, made once from the declarations of its components, and its manifest.
#pragma once

#include <concepts>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/abi.h"
#include "sluice/component.hpp"

namespace sluice::detail {

// Not constexpr, so that naming it while the manifest is computed stops the compiler, with this text in
// sight.
inline void the_plugin_name_must_be_lower_case_letters_digits_and_underscores() {}
inline void the_plugin_version_must_be_three_numbers_like_1_0_0() {}

constexpr bool is_plugin_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > 63 || name.front() < 'a' || name.front() > 'z') return false;
  for (const char c : name) {
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (!allowed) return false;
  }
  return true;
}

constexpr bool is_version(std::string_view version) noexcept {
  int dots = 0;
  bool digit = false;
  for (const char c : version) {
    if (c == '.' && digit) {
      ++dots;
      digit = false;
    } else if (c >= '0' && c <= '9') {
      digit = true;
    } else {
      return false;
    }
  }
  return dots == 2 && digit && version.size() < 32;
}

template <std::size_t Size>
consteval void fill(char (&field)[Size], std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) field[i] = text[i];
}

consteval sluice_manifest manifest(std::string_view name, std::string_view version) {
  if (!is_plugin_name(name)) the_plugin_name_must_be_lower_case_letters_digits_and_underscores();
  if (!is_version(version)) the_plugin_version_must_be_three_numbers_like_1_0_0();
  sluice_manifest made{};
  fill(made.magic, std::string_view(SLUICE_MANIFEST_MAGIC, sizeof made.magic));
  made.size = sizeof made;
  made.abi_major = SLUICE_ABI_MAJOR;
  made.abi_minor = SLUICE_ABI_MINOR;
  fill(made.name, name);
  fill(made.version, version);
  fill(made.sdk_version, SLUICE_SDK_VERSION);
  return made;
}

// Owns what the C tables point to; lives as long as the library.
class Tables {
 public:
  Tables(std::string_view name, std::string_view version, std::vector<Component> components)
      : components_(std::move(components)) {
    for (const Component& component : components_) {
      parts_.push_back(std::make_unique<Part>(component));
      pointers_.push_back(&parts_.back()->component);
    }
    plugin_ = {sizeof plugin_, text(name), text(version), pointers_.data(), pointers_.size()};
  }

  [[nodiscard]] const sluice_plugin* plugin() const noexcept { return &plugin_; }

 private:
  struct Part {
    explicit Part(const Component& from) {
      for (const std::string& type : from.types_) types.push_back(text(type));
      specs.reserve(from.options_.size());
      choices.reserve(from.options_.size());
      for (const Option& option : from.options_) add(option);
      for (const sluice_option_spec& spec : specs) spec_pointers.push_back(&spec);
      component = {sizeof component,
                   text(from.name_),
                   static_cast<uint32_t>(from.functions_.kind),
                   types.data(),
                   types.size(),
                   spec_pointers.data(),
                   spec_pointers.size(),
                   text(from.help_),
                   from.functions_.create,
                   from.functions_.destroy,
                   from.functions_.handle,
                   from.functions_.deliver};
    }

    void add(const Option& option) {
      auto& texts = choices.emplace_back();
      for (const std::string& choice : option.choices()) texts.push_back(text(choice));
      const auto& fallback = option.fallback();
      specs.push_back({sizeof(sluice_option_spec), text(option.name()), static_cast<uint32_t>(option.type()),
                       fallback ? text(*fallback) : sluice_text{}, option.is_secret() ? 1U : 0U,
                       text(option.help()), texts.data(), texts.size()});
    }

    std::vector<sluice_text> types;
    std::vector<std::vector<sluice_text>> choices;
    std::vector<sluice_option_spec> specs;
    std::vector<const sluice_option_spec*> spec_pointers;
    sluice_component component{};
  };

  std::vector<Component> components_;
  std::vector<std::unique_ptr<Part>> parts_;
  std::vector<const sluice_component*> pointers_;
  sluice_plugin plugin_{};
};

// What the entry of a plugin does: makes the tables, and says in the log why it could not.
template <std::invocable Make>
const sluice_plugin* enter(const sluice_host* host, Make&& make) noexcept {
  try {
    return make();
  } catch (const std::exception& error) {
    Log(*host).error(error.what());
  } catch (...) {
    Log(*host).error("an exception that is no std::exception");
  }
  return nullptr;
}

}  // namespace sluice::detail
