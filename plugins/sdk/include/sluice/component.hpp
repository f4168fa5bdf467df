// The declaration of a handler or sink: its name, what it is for, its options, and how it is made.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/abi.h"
#include "sluice/detail/bridge.hpp"
#include "sluice/handler.hpp"
#include "sluice/options.hpp"
#include "sluice/sink.hpp"

namespace sluice {

namespace detail {
class Tables;
}

class Component {
 public:
  // Event types that it is for; without, any.
  template <std::convertible_to<std::string>... Types>
  Component&& on(Types&&... types) && {
    (types_.emplace_back(std::forward<Types>(types)), ...);
    return std::move(*this);
  }
  Component&& option(Option option) && {
    options_.push_back(std::move(option));
    return std::move(*this);
  }
  Component&& help(std::string one_line) && {
    help_ = std::move(one_line);
    return std::move(*this);
  }

 private:
  friend class detail::Tables;
  template <std::derived_from<Handler> T>
  friend Component handler(std::string name);
  template <std::derived_from<Sink> T>
  friend Component sink(std::string name);

  Component(std::string name, const detail::Functions& functions)
      : name_(std::move(name)), functions_(functions) {}

  std::string name_;
  detail::Functions functions_;
  std::vector<std::string> types_;
  std::vector<Option> options_;
  std::string help_;
};

// A handler of class T, made with T(const Options&) or T().
template <std::derived_from<Handler> T>
[[nodiscard]] Component handler(std::string name) {
  return {std::move(name), detail::HandlerInstance<T>::functions()};
}

// A sink of class T, made with T(const Options&) or T().
template <std::derived_from<Sink> T>
[[nodiscard]] Component sink(std::string name) {
  return {std::move(name), detail::SinkInstance<T>::functions()};
}

}  // namespace sluice
