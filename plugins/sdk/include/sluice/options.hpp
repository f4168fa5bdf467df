// Options of a handler or sink: declared with it, checked by the engine, read in the constructor.
//
//   sluice::sink<Webhook>("webhook")
//       .option(sluice::text_option("url").help("where events are posted"))             // required
//       .option(sluice::duration_option("timeout", "10s").help("of one request"))       // with a default
//       .option(sluice::text_option("token", "").secret().help("bearer token"))
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/abi.h"
#include "sluice/event.hpp"

namespace sluice {

// The declaration of one option. Defaults are written as in YAML.
class Option {
 public:
  Option(std::string name, sluice_option_type type, std::optional<std::string> fallback)
      : name_(std::move(name)), type_(type), fallback_(std::move(fallback)) {}

  Option&& help(std::string one_line) && {
    help_ = std::move(one_line);
    return std::move(*this);
  }
  // Never shown in logs, errors or pages.
  Option&& secret() && {
    secret_ = true;
    return std::move(*this);
  }
  // What a text may be.
  Option&& choices(std::initializer_list<std::string> choices) && {
    choices_ = choices;
    return std::move(*this);
  }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] sluice_option_type type() const noexcept { return type_; }
  [[nodiscard]] const std::optional<std::string>& fallback() const noexcept { return fallback_; }
  [[nodiscard]] const std::string& help() const& noexcept { return help_; }
  [[nodiscard]] bool is_secret() const noexcept { return secret_; }
  [[nodiscard]] const std::vector<std::string>& choices() const& noexcept { return choices_; }

 private:
  std::string name_;
  sluice_option_type type_;
  std::optional<std::string> fallback_;
  std::string help_;
  bool secret_ = false;
  std::vector<std::string> choices_;
};

using Fallback = std::optional<std::string>;  // none: the option is required

inline Option text_option(std::string name, Fallback fallback = {}) {
  return {std::move(name), SLUICE_OPTION_TEXT, std::move(fallback)};
}
inline Option boolean_option(std::string name, Fallback fallback = {}) {
  return {std::move(name), SLUICE_OPTION_BOOLEAN, std::move(fallback)};
}
inline Option integer_option(std::string name, Fallback fallback = {}) {
  return {std::move(name), SLUICE_OPTION_INTEGER, std::move(fallback)};
}
inline Option number_option(std::string name, Fallback fallback = {}) {
  return {std::move(name), SLUICE_OPTION_NUMBER, std::move(fallback)};
}
inline Option duration_option(std::string name, Fallback fallback = {}) {
  return {std::move(name), SLUICE_OPTION_DURATION, std::move(fallback)};
}
inline Option bytes_option(std::string name, Fallback fallback = {}) {
  return {std::move(name), SLUICE_OPTION_BYTES, std::move(fallback)};
}

// Lines in the engine's log, under the instance's name. Any thread; never a secret.
class Log {
 public:
  explicit Log(const sluice_host& host) noexcept : host_(&host) {}

  void debug(std::string_view message) const noexcept { write(SLUICE_DEBUG, message); }
  void info(std::string_view message) const noexcept { write(SLUICE_INFO, message); }
  void warning(std::string_view message) const noexcept { write(SLUICE_WARNING, message); }
  void error(std::string_view message) const noexcept { write(SLUICE_ERROR, message); }

 private:
  void write(sluice_level level, std::string_view message) const noexcept {
    host_->log(host_, level, detail::text(message));
  }
  const sluice_host* host_;
};

// The options of one instance, given to its constructor and valid until that returns. Asking for what was not
// declared is a bug and throws std::logic_error.
class Options {
 public:
  Options(const sluice_options& options, const sluice_host& host) noexcept
      : options_(&options), host_(&host) {}

  [[nodiscard]] std::string text(std::string_view name) const {
    sluice_text value{};
    check(options_->text(options_, detail::text(name), &value), name);
    return std::string(detail::view(value));
  }
  [[nodiscard]] bool boolean(std::string_view name) const {
    std::uint32_t value = 0;
    check(options_->boolean(options_, detail::text(name), &value), name);
    return value != 0;
  }
  [[nodiscard]] std::int64_t integer(std::string_view name) const {
    std::int64_t value = 0;
    check(options_->integer(options_, detail::text(name), &value), name);
    return value;
  }
  [[nodiscard]] double number(std::string_view name) const {
    double value = 0;
    check(options_->number(options_, detail::text(name), &value), name);
    return value;
  }
  [[nodiscard]] std::chrono::microseconds duration(std::string_view name) const {
    return std::chrono::microseconds{integer(name)};
  }
  [[nodiscard]] std::int64_t bytes(std::string_view name) const { return integer(name); }

  // May be kept as long as the instance lives.
  [[nodiscard]] Log log() const { return Log(*host_); }

 private:
  static void check(sluice_status status, std::string_view name) {
    if (status != SLUICE_OK)
      throw std::logic_error("option \"" + std::string(name) + "\" was not declared, or with another type");
  }
  const sluice_options* options_;
  const sluice_host* host_;
};

}  // namespace sluice
