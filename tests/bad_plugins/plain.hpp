// A plugin without the SDK's comfort, so that each bad one can get exactly one thing wrong.
#pragma once

#include <string_view>

#include "sluice/abi.h"
#include "sluice/detail/tables.hpp"

// The manifest as it should be, under the name of the file.
#define PLAIN_MANIFEST(name, major)                                                           \
  extern "C" {                                                                                \
  __attribute__((visibility("default"))) extern const sluice_manifest sluice_plugin_manifest; \
  __attribute__((section(SLUICE_MANIFEST_SECTION),                                            \
                 used)) constinit const sluice_manifest sluice_plugin_manifest =              \
      plain::manifest(name, major);                                                           \
  }                                                                                           \
  static_assert(true)

#define PLAIN_ENTRY(plugin)                                                                   \
  extern "C" __attribute__((visibility("default"))) const sluice_plugin* sluice_plugin_entry( \
      const sluice_host*) {                                                                   \
    return &(plugin);                                                                         \
  }                                                                                           \
  static_assert(true)

namespace plain {

consteval sluice_manifest manifest(std::string_view name, unsigned major) {
  sluice_manifest made = sluice::detail::manifest(name, "1.0.0");
  made.abi_major = major;
  return made;
}

constexpr sluice_text text(std::string_view text) { return {text.data(), text.size()}; }

inline int instance = 0;

inline sluice_status create(const sluice_options*, const sluice_host*, void** made, sluice_report*) {
  *made = &instance;
  return SLUICE_OK;
}
inline void destroy(void*) {}
inline sluice_status handle(void*, const sluice_event*, sluice_changes*, sluice_report*) { return SLUICE_OK; }

// A handler that does nothing, and does it well.
constexpr sluice_component handler(std::string_view name, decltype(sluice_component::handle) how = handle) {
  sluice_component made{};
  made.size = sizeof made;
  made.name = text(name);
  made.kind = SLUICE_HANDLER;
  made.create = create;
  made.destroy = destroy;
  made.handle = how;
  return made;
}

constexpr sluice_plugin plugin(std::string_view name, const sluice_component* const* components,
                               std::size_t count) {
  return {sizeof(sluice_plugin), text(name), text("1.0.0"), components, count};
}

}  // namespace plain
