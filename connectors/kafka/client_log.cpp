#include "kafka/client_log.hpp"

#include <spdlog/spdlog.h>
#include <syslog.h>

namespace sluice::engine::kafka {
namespace {

// A broker that cannot be reached is an error to librdkafka and daily life to us: the pipeline's status and
// readiness tell of it.
spdlog::level::level_enum severity(int level) noexcept {
  if (level <= LOG_CRIT) return spdlog::level::err;
  if (level <= LOG_WARNING) return spdlog::level::warn;
  if (level <= LOG_INFO) return spdlog::level::info;
  return spdlog::level::debug;
}

}  // namespace

void write_log(const rd_kafka_t*, int level, const char* facility, const char* text) noexcept {
  try {
    spdlog::log(severity(level), "kafka: {}: {}", facility, text);
  } catch (const std::exception&) {
    return;  // nothing may be thrown into C, and there is nobody to tell
  }
}

void log_info(std::string_view text) { spdlog::info("kafka: {}", text); }
void log_warning(std::string_view text) { spdlog::warn("kafka: {}", text); }

}  // namespace sluice::engine::kafka
