// A handler of a plugin, as the engine's. Belongs to one worker thread.
#pragma once

#include <optional>
#include <vector>

#include "core/handler.hpp"
#include "plugin/abi_event.hpp"
#include "plugin/plugin_instance.hpp"

namespace sluice::engine {

class PluginHandler final : public Handler {
 public:
  explicit PluginHandler(PluginInstance instance);
  PluginHandler(const PluginHandler&) = delete;
  PluginHandler& operator=(const PluginHandler&) = delete;

  [[nodiscard]] Result<void> handle(const Event& event, PayloadSource& payload, ChangeList& changes) override;

 private:
  static sluice_status give_payload(const sluice_event* event, const std::uint8_t** document) noexcept;
  static sluice_status add_change(sluice_changes* changes, const sluice_change* change) noexcept;
  [[nodiscard]] Result<void> add(const sluice_change& change);
  [[nodiscard]] Result<void> take_operations(const sluice_change& change);
  [[nodiscard]] Result<void> take_conditions(const sluice_change& change);

  PluginInstance instance_;
  AbiEvent event_;
  Report report_;
  sluice_changes abi_changes_;

  // Of the event at hand. What the engine itself refused decides, whatever the plugin says afterwards.
  PayloadSource* payload_ = nullptr;
  ChangeList* changes_ = nullptr;
  std::optional<Error> refused_;
  std::vector<Operation> operations_;
  std::vector<Condition> conditions_;
};

}  // namespace sluice::engine
