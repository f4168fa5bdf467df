// librdkafka's own log lines, sent to the engine's log.
#pragma once

#include <string_view>

#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

// For rd_kafka_conf_set_log_cb; called on any thread of the client.
void write_log(const rd_kafka_t* client, int level, const char* facility, const char* text) noexcept;

// What this connector itself has to say; on any thread.
void log_info(std::string_view text);
void log_warning(std::string_view text);

}  // namespace sluice::engine::kafka
