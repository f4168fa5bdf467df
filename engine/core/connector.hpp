// How a connector offers itself: a name, and for each role it can play a table of options and a maker. The
// list of all connectors is in engine/assembly/connectors.cpp.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/dead_letters.hpp"
#include "core/examination.hpp"
#include "core/options.hpp"
#include "core/source.hpp"
#include "core/store.hpp"

namespace sluice::engine {

struct ConnectorContext {
  std::string pipeline;  // its id
  Share share;
  // Of the pipeline's source where it is of the same connector: what dead letters need not say again.
  const Options* source = nullptr;
};

// Makers check what the options alone can tell and throw ConfigurationError; they do no I/O (open and prepare
// do). Examiners (core/examination.hpp) get options that a maker accepts.
template <class Role>
struct RoleSpec {
  std::span<const OptionSpec> options;
  std::string_view help;  // one line
  std::unique_ptr<Role> (*make)(const Options& options, const ConnectorContext& context);
  std::string_view decoder{};  // of a source: the one for its records where the pipeline names none
  // Null where there is nothing outside of the process to look at.
  void (*examine)(const Options& options, const ConnectorContext& context,
                  Examination<Role>& examination) = nullptr;
};

struct Connector {
  std::string_view name;  // the key in YAML: "sqlite"
  std::optional<RoleSpec<Source>> source;
  std::optional<RoleSpec<Store>> store;
  std::optional<RoleSpec<DeadLetters>> dead_letters;
};

}  // namespace sluice::engine
