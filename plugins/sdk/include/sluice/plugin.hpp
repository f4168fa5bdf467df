// All that the author of a plugin needs: docs/writing_a_plugin.md is the way from nothing to a running one.
//
//   class UserCreated final : public sluice::Handler {
//    public:
//     void handle(const sluice::Event& event, sluice::Changes& changes) override {
//       auto id = event.payload().require<sluice::Uuid>("user_id");
//       changes.insert("users", id, {{"email", event.payload().require<std::string_view>("email")}});
//     }
//   };
//   SLUICE_PLUGIN("people", "1.0.0", sluice::handler<UserCreated>("user_created").on("UserCreated"))
//
// Header-only, C++20, over the plain C of abi.h: no library to link, no compiler version to match.
#pragma once

#include "sluice/changes.hpp"
#include "sluice/component.hpp"
#include "sluice/detail/tables.hpp"
#include "sluice/event.hpp"
#include "sluice/handler.hpp"
#include "sluice/options.hpp"
#include "sluice/payload.hpp"
#include "sluice/reject.hpp"
#include "sluice/sink.hpp"
#include "sluice/types.hpp"
#include "sluice/value.hpp"

// Once in a plugin, outside of any namespace: its name (that of its file, without .so), its version
// (MAJOR.MINOR.PATCH) and its components. No semicolon follows.
#define SLUICE_PLUGIN(plugin_name, plugin_version, ...)                                                      \
  extern "C" {                                                                                               \
  __attribute__((visibility("default"))) extern const sluice_manifest sluice_plugin_manifest;                \
  __attribute__((section(SLUICE_MANIFEST_SECTION),                                                           \
                 used)) constinit const sluice_manifest sluice_plugin_manifest =                             \
      ::sluice::detail::manifest(plugin_name, plugin_version);                                               \
  __attribute__((visibility("default"))) const sluice_plugin* sluice_plugin_entry(const sluice_host* host) { \
    return ::sluice::detail::enter(host, [] {                                                                \
      static const ::sluice::detail::Tables tables(plugin_name, plugin_version, {__VA_ARGS__});              \
      return tables.plugin();                                                                                \
    });                                                                                                      \
  }                                                                                                          \
  }
