#include "kafka/topic_settings.hpp"

#include <array>
#include <charconv>

namespace sluice::engine::kafka {
namespace {

using ConfigResource = std::unique_ptr<rd_kafka_ConfigResource_t, Deleter<rd_kafka_ConfigResource_destroy>>;

}  // namespace

std::string TopicSettings::text(std::string_view name) const {
  const auto found = values.find(name);
  return found == values.end() ? std::string() : found->second;
}

std::optional<std::int64_t> TopicSettings::number(std::string_view name) const {
  const auto found = values.find(name);
  if (found == values.end()) return std::nullopt;
  const std::string& text = found->second;
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

SettingsAnswer ask_settings(rd_kafka_t& client, const std::string& topic, milliseconds at_most) {
  const ConfigResource wanted(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  const AdminOptions options(rd_kafka_AdminOptions_new(&client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
  const int bound = static_cast<int>(at_most.count());
  std::array<char, 256> reason{};
  if (const auto error =
          rd_kafka_AdminOptions_set_request_timeout(options.get(), bound, reason.data(), reason.size());
      error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return {error, reason.data(), {}};

  const Queue queue(rd_kafka_queue_new(&client));
  std::array<rd_kafka_ConfigResource_t*, 1> list{wanted.get()};
  rd_kafka_DescribeConfigs(&client, list.data(), list.size(), options.get(), queue.get());
  const Event answer(rd_kafka_queue_poll(queue.get(), bound + 1000));
  if (!answer) return {RD_KAFKA_RESP_ERR__TIMED_OUT, {}, {}};
  if (const auto error = rd_kafka_event_error(answer.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return {error, rd_kafka_event_error_string(answer.get()), {}};

  std::size_t count = 0;
  const auto* result = rd_kafka_event_DescribeConfigs_result(answer.get());
  const rd_kafka_ConfigResource_t** found = rd_kafka_DescribeConfigs_result_resources(result, &count);
  if (count == 0) return {RD_KAFKA_RESP_ERR_UNKNOWN, {}, {}};
  if (const auto error = rd_kafka_ConfigResource_error(found[0]); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* why = rd_kafka_ConfigResource_error_string(found[0]);
    return {error, why != nullptr ? why : "", {}};
  }
  SettingsAnswer settings;
  std::size_t entries = 0;
  const rd_kafka_ConfigEntry_t** entry = rd_kafka_ConfigResource_configs(found[0], &entries);
  for (std::size_t i = 0; i < entries; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(entry[i]);
    if (value != nullptr) settings.settings.values.emplace(rd_kafka_ConfigEntry_name(entry[i]), value);
  }
  return settings;
}

}  // namespace sluice::engine::kafka
