// Between the C functions of abi.h and an author's classes: nothing thrown leaves these functions.
#pragma once

#include <concepts>
#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "sluice/abi.h"
#include "sluice/handler.hpp"
#include "sluice/options.hpp"
#include "sluice/reject.hpp"
#include "sluice/sink.hpp"

namespace sluice::detail {

// What a component of the ABI is made of, beyond its descriptions.
struct Functions {
  sluice_component_kind kind;
  decltype(sluice_component::create) create;
  decltype(sluice_component::destroy) destroy;
  decltype(sluice_component::handle) handle;
  decltype(sluice_component::deliver) deliver;
};

inline sluice_status report(sluice_report* report, sluice_status status, std::string_view reason) noexcept {
  if (report != nullptr && report->say != nullptr) report->say(report, text(reason));
  return status;
}

// Runs the author's code and turns whatever comes out of it into a status.
template <std::invocable Code>
sluice_status guarded(sluice_report* to, Code&& code) noexcept {
  try {
    code();
    return SLUICE_OK;
  } catch (const Reject& reject) {
    return report(to, SLUICE_REJECTED, reject.what());
  } catch (const Unreadable&) {
    return SLUICE_UNREADABLE;
  } catch (const ChangeRefused&) {
    return SLUICE_REJECTED;
  } catch (const std::exception& error) {
    return report(to, SLUICE_FAILED, error.what());
  } catch (...) {
    return report(to, SLUICE_FAILED, "an exception that is no std::exception");
  }
}

template <class T>
[[nodiscard]] T make(const Options& options) {
  if constexpr (std::constructible_from<T, const Options&>)
    return T(options);
  else
    return T();
}

template <class Instance>
sluice_status create(const sluice_options* options, const sluice_host* host, void** instance,
                     sluice_report* report) noexcept {
  return guarded(report, [&] { *instance = std::make_unique<Instance>(Options(*options, *host)).release(); });
}

template <class Instance>
void destroy(void* instance) noexcept {
  const std::unique_ptr<Instance> owned(static_cast<Instance*>(instance));
}

// A handler with the buffers that its changes are written into.
template <class T>
class HandlerInstance {
 public:
  explicit HandlerInstance(const Options& options) : handler_(make<T>(options)) {}

  static constexpr Functions functions() noexcept {
    return {SLUICE_HANDLER, create<HandlerInstance>, destroy<HandlerInstance>, handle, nullptr};
  }

 private:
  static sluice_status handle(void* instance, const sluice_event* event, sluice_changes* changes,
                              sluice_report* report) noexcept {
    auto& self = *static_cast<HandlerInstance*>(instance);
    return guarded(report, [&] {
      self.changes_.start_event(*changes);
      static_cast<Handler&>(self.handler_).handle(Event(*event), self.changes_);
      self.changes_.finish_event();
    });
  }

  T handler_;
  Changes changes_;
};

// A sink with the list that its batches are given in.
template <class T>
class SinkInstance {
 public:
  explicit SinkInstance(const Options& options) : sink_(make<T>(options)) {}

  static constexpr Functions functions() noexcept {
    return {SLUICE_SINK, create<SinkInstance>, destroy<SinkInstance>, nullptr, deliver};
  }

 private:
  static sluice_status deliver(void* instance, sluice_delivery* const* deliveries, std::size_t count,
                               sluice_report* report) noexcept {
    auto& self = *static_cast<SinkInstance*>(instance);
    return guarded(report, [&] {
      self.batch_.clear();
      for (sluice_delivery* delivery : std::span(deliveries, count)) self.batch_.emplace_back(*delivery);
      static_cast<Sink&>(self.sink_).deliver(self.batch_);
    });
  }

  T sink_;
  std::vector<Delivery> batch_;
};

}  // namespace sluice::detail
