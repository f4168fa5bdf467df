// A sink of a plugin, as the engine's. Belongs to one writer thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/handler.hpp"
#include "json/reader.hpp"
#include "plugin/abi_event.hpp"
#include "plugin/plugin_instance.hpp"

namespace sluice::engine {

class PluginSink final : public Sink {
 public:
  explicit PluginSink(PluginInstance instance);
  PluginSink(const PluginSink&) = delete;
  PluginSink& operator=(const PluginSink&) = delete;

  Result<void> deliver(std::span<const Event* const> events, std::span<WriteResult> results) override;

 private:
  // An event of the batch with what the plugin says of it. Its payload is decoded when the plugin asks for
  // it: most sinks send the text on.
  struct Slot {
    PluginSink* sink = nullptr;
    AbiEvent event;
    Report report;
    sluice_delivery delivery{};
    std::string_view payload_json;
    std::vector<std::uint8_t> document;  // empty: not decoded yet
    std::optional<Error> unreadable;
  };

  static sluice_status give_payload(const sluice_event* event, const std::uint8_t** document) noexcept;
  void prepare(std::span<const Event* const> events);
  // False when nothing is known of the delivery.
  static bool settle(Slot& slot, WriteResult& result);

  PluginInstance instance_;
  JsonReader json_;
  Report report_;
  std::vector<std::unique_ptr<Slot>> slots_;  // kept for the next batch; the plugin has their addresses
  std::vector<sluice_delivery*> deliveries_;
};

}  // namespace sluice::engine
