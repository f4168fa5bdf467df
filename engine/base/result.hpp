// A value or an Error: how everything on the data path reports failure. Exceptions are only for configuring
// and starting (ConfigurationError), where a person reads them.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "base/code.hpp"

namespace sluice::engine {

struct Error {
  Code code;
  std::string message;  // what happened, where, what to do; no secrets
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  // Preconditions: ok() for the value, !ok() for the error.
  [[nodiscard]] T& value() & noexcept { return *std::get_if<0>(&state_); }
  [[nodiscard]] const T& value() const& noexcept { return *std::get_if<0>(&state_); }
  [[nodiscard]] T&& value() && noexcept { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & noexcept { return value(); }
  const T& operator*() const& noexcept { return value(); }
  T operator*() && { return std::move(*this).value(); }  // by value: a loop over a temporary must not dangle
  T* operator->() noexcept { return std::get_if<0>(&state_); }
  const T* operator->() const noexcept { return std::get_if<0>(&state_); }
  [[nodiscard]] Error& error() noexcept { return *std::get_if<1>(&state_); }
  [[nodiscard]] const Error& error() const noexcept { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  explicit operator bool() const noexcept { return ok_; }
  [[nodiscard]] Error& error() noexcept { return error_; }
  [[nodiscard]] const Error& error() const noexcept { return error_; }

 private:
  Error error_{Code::internal, {}};
  bool ok_ = true;
};

// The configuration or the surroundings are such that a pipeline cannot start. Thrown while configuring and
// starting only; the message is for the person who wrote the configuration.
class ConfigurationError : public std::runtime_error {
 public:
  explicit ConfigurationError(const std::string& message, Code code = Code::configuration_invalid)
      : std::runtime_error(message), code_(code) {}
  [[nodiscard]] Code code() const noexcept { return code_; }

 private:
  Code code_;
};

}  // namespace sluice::engine
