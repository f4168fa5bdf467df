#include "plugin/plugin_sink.hpp"

#include <string>
#include <utility>

namespace sluice::engine {

PluginSink::PluginSink(PluginInstance instance) : instance_(std::move(instance)) {}

Result<void> PluginSink::deliver(std::span<const Event* const> events, std::span<WriteResult> results) {
  prepare(events);
  const sluice_component& component = instance_.component();
  const sluice_status status =
      component.deliver(instance_.get(), deliveries_.data(), deliveries_.size(), report_.abi());

  bool anything_settled = false;
  for (std::size_t i = 0; i < events.size(); ++i) anything_settled |= settle(*slots_[i], results[i]);
  if (status == SLUICE_OK || anything_settled) return {};
  for (WriteResult& result : results) result = {Outcome::retry, Code::sink_unavailable, report_.reason()};
  return Error{Code::sink_unavailable, report_.reason()};
}

void PluginSink::prepare(std::span<const Event* const> events) {
  report_.clear();
  deliveries_.clear();
  while (slots_.size() < events.size()) slots_.push_back(std::make_unique<Slot>());
  for (std::size_t i = 0; i < events.size(); ++i) {
    Slot& slot = *slots_[i];
    slot.sink = this;
    slot.payload_json = events[i]->payload_json;
    slot.document.clear();
    slot.unreadable.reset();
    slot.report.clear();
    slot.event.show(*events[i], give_payload, &slot);
    slot.delivery = {sizeof slot.delivery, slot.event.abi(), SLUICE_RETRY, *slot.report.abi()};
    deliveries_.push_back(&slot.delivery);
  }
}

sluice_status PluginSink::give_payload(const sluice_event* event, const std::uint8_t** document) noexcept {
  auto& slot = *static_cast<Slot*>(event->engine);
  if (slot.unreadable) return SLUICE_UNREADABLE;
  if (slot.document.empty()) {
    auto payload = slot.sink->json_.read_plain(slot.payload_json);
    if (!payload) {
      slot.unreadable = std::move(payload.error());
      return SLUICE_UNREADABLE;
    }
    slot.document.assign(payload->data(), payload->data() + payload->size());
  }
  *document = slot.document.data();
  return SLUICE_OK;
}

bool PluginSink::settle(Slot& slot, WriteResult& result) {
  // What the engine itself refused decides: such an event would come again for ever.
  if (slot.unreadable) {
    result = {Outcome::rejected, slot.unreadable->code, slot.unreadable->message};
    return true;
  }
  switch (slot.delivery.status) {
    case SLUICE_OK:
      result = {Outcome::applied, Code::sink_unavailable, {}};
      return true;
    case SLUICE_REJECTED:
      result = {Outcome::rejected, Code::sink_refused, slot.report.reason()};
      return true;
    case SLUICE_FAILED:
      result = {Outcome::rejected, Code::sink_refused, "the sink failed: " + slot.report.reason()};
      return true;
    case SLUICE_RETRY:
      result = {Outcome::retry, Code::sink_unavailable, slot.report.reason()};
      return false;
    default:
      result = {Outcome::rejected, Code::sink_refused,
                "the plugin gave the status " + std::to_string(slot.delivery.status) +
                    ", which is none for a delivery (a bug of the plugin)"};
      return true;
  }
}

}  // namespace sluice::engine
