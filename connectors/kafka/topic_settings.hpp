// The settings of a topic, as the broker has them.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

struct TopicSettings {
  std::map<std::string, std::string, std::less<>> values;  // by Kafka's names

  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;
};

struct SettingsAnswer {
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string reason;
  TopicSettings settings;
};

// Needs the right to describe the topic's settings.
[[nodiscard]] SettingsAnswer ask_settings(rd_kafka_t& client, const std::string& topic, milliseconds at_most);

}  // namespace sluice::engine::kafka
