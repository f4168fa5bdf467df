// What a handler needs around it: a record, its event and its payload.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/handler.hpp"
#include "json/reader.hpp"
#include "plugin/plugins.hpp"

namespace sluice::engine {

// An event as a decoder would leave it, with a payload that is decoded when asked for.
class GivenEvent final : public Decoder {
 public:
  GivenEvent(std::string type, std::string payload) : type_(std::move(type)), payload_(std::move(payload)) {
    record_.topic = "people";
    record_.partition_number = 3;
    record_.position = {17};
    record_.value = payload_;
    event_.id = "0ed90475-9531-485d-9d9d-c9f81818e811";
    event_.type = type_;
    event_.payload_json = payload_;
    event_.record = &record_;
  }

  [[nodiscard]] Result<Decoded> decode(const Record&, Event&) override { return Decoded::event; }
  [[nodiscard]] Result<bson::View> payload() override { return json_.read_plain(payload_); }
  [[nodiscard]] const Event& event() const noexcept { return event_; }

 private:
  std::string type_;
  std::string payload_;
  Record record_;
  Event event_;
  JsonReader json_;
};

inline std::filesystem::path bad_plugin(std::string_view name) {
  return std::filesystem::path(BAD_PLUGINS) / (std::string(name) + ".so");
}

// Loads what must be loadable; a refusal fails the test with its text.
inline std::shared_ptr<const Plugin> load(std::string_view name, PluginLog log = {}) {
  auto manifest = read_manifest(bad_plugin(name));
  if (!manifest) throw std::runtime_error(manifest.error().message);
  auto plugin = Plugin::load(*manifest, std::move(log));
  if (!plugin) throw std::runtime_error(plugin.error().message);
  return *std::move(plugin);
}

}  // namespace sluice::engine
