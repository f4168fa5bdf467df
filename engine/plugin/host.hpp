// The engine as a plugin sees it: a log, and texts on their way across the boundary.
#pragma once

#include <string>
#include <string_view>

#include "plugin/plugins.hpp"
#include "sluice/abi.h"

namespace sluice::engine {

[[nodiscard]] inline sluice_text to_abi(std::string_view text) noexcept { return {text.data(), text.size()}; }

// A plugin's text; one without bytes is empty, whatever its size says.
[[nodiscard]] inline std::string_view from_abi(sluice_text text) noexcept {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

// A plugin's text for people: valid UTF-8, at most a few thousand characters.
[[nodiscard]] std::string readable(sluice_text text);

// The log of one instance. Neither copied nor moved: plugins keep its address.
class PluginHost {
 public:
  PluginHost(PluginLog log, std::string_view instance);
  PluginHost(const PluginHost&) = delete;
  PluginHost& operator=(const PluginHost&) = delete;
  [[nodiscard]] const sluice_host* abi() const noexcept { return &abi_; }

 private:
  static void write(const sluice_host* host, std::uint32_t level, sluice_text message) noexcept;

  PluginLog log_;
  std::string instance_;
  sluice_host abi_;
};

// Where a plugin leaves the text of an error. Its address is given away, too.
class Report {
 public:
  Report() noexcept : abi_{sizeof abi_, say, this} {}
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;
  [[nodiscard]] sluice_report* abi() noexcept { return &abi_; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  void clear() noexcept { text_.clear(); }
  // What was said, or that nothing was.
  [[nodiscard]] std::string reason() const { return text_.empty() ? "the plugin gave no reason" : text_; }

 private:
  static void say(sluice_report* report, sluice_text text) noexcept;

  std::string text_;
  sluice_report abi_;
};

// Checked options as the ABI gives them; borrowed while create runs.
class OptionsForPlugin {
 public:
  explicit OptionsForPlugin(const Options& options) noexcept;
  OptionsForPlugin(const OptionsForPlugin&) = delete;
  OptionsForPlugin& operator=(const OptionsForPlugin&) = delete;
  [[nodiscard]] const sluice_options* abi() const noexcept { return &abi_; }

 private:
  sluice_options abi_;
};

}  // namespace sluice::engine
