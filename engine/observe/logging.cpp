#include "observe/logging.hpp"

#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "base/time.hpp"
#include "json/writer.hpp"

namespace sluice::engine {
namespace {

std::string_view name_of(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
    case spdlog::level::debug:
      return "DEBUG";
    case spdlog::level::warn:
      return "WARNING";
    case spdlog::level::err:
    case spdlog::level::critical:
      return "ERROR";
    default:
      return "INFO";
  }
}

std::string_view view(const spdlog::string_view_t& text) { return {text.data(), text.size()}; }

std::string time_text(spdlog::log_clock::time_point time) {
  return to_text(std::chrono::time_point_cast<microseconds>(time));
}

void append(spdlog::memory_buf_t& out, std::string_view text) {
  out.append(text.data(), text.data() + text.size());
}

// 2026-11-21T09:08:38.123Z WARNING activity: …
class TextFormat final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    constexpr std::size_t to_milliseconds = 23;
    constexpr std::size_t level_width = 7;
    append(out, time_text(message.time).substr(0, to_milliseconds));
    append(out, "Z ");
    std::string level(name_of(message.level));
    message.color_range_start = out.size();
    append(out, level);
    message.color_range_end = out.size();
    append(out, std::string(level_width - level.size() + 1, ' '));
    if (message.logger_name.size() > 0) {
      append(out, view(message.logger_name));
      append(out, ": ");
    }
    append(out, view(message.payload));
    append(out, "\n");
  }
  [[nodiscard]] std::unique_ptr<formatter> clone() const override { return std::make_unique<TextFormat>(); }
};

// {"time":"2026-11-21T09:08:38.123456Z","level":"WARNING","scope":"activity","message":"…"}
class JsonFormat final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    std::string line = "{\"time\":\"" + time_text(message.time) + "\",\"level\":\"";
    line += name_of(message.level);
    line += '"';
    if (message.logger_name.size() > 0) {
      line += ",\"scope\":";
      write_json_string(view(message.logger_name), line);
    }
    line += ",\"message\":";
    write_json_string(view(message.payload), line);
    line += "}\n";
    append(out, line);
  }
  [[nodiscard]] std::unique_ptr<formatter> clone() const override { return std::make_unique<JsonFormat>(); }
};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return result;
}

}  // namespace

std::optional<spdlog::level::level_enum> parse_level(std::string_view text) {
  const std::string name = lower(text);
  if (name == "debug") return spdlog::level::debug;
  if (name == "info") return spdlog::level::info;
  if (name == "warning" || name == "warn") return spdlog::level::warn;
  if (name == "error") return spdlog::level::err;
  if (name == "off") return spdlog::level::off;
  return std::nullopt;
}

std::optional<LogFormat> parse_log_format(std::string_view text) {
  const std::string name = lower(text);
  if (name == "auto") return LogFormat::automatic;
  if (name == "text") return LogFormat::text;
  if (name == "json") return LogFormat::json;
  return std::nullopt;
}

Log make_log(spdlog::level::level_enum level, LogFormat format) {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  const bool json = format == LogFormat::json || (format == LogFormat::automatic && !terminal);
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
      terminal && !json ? spdlog::color_mode::automatic : spdlog::color_mode::never);
  auto log = std::make_shared<spdlog::logger>("", std::move(sink));
  log->set_formatter(json ? json_format() : text_format());
  log->set_level(level);
  log->flush_on(spdlog::level::debug);
  return log;
}

Log scoped(const Log& log, std::string name) { return log->clone(std::move(name)); }

std::unique_ptr<spdlog::formatter> text_format() { return std::make_unique<TextFormat>(); }
std::unique_ptr<spdlog::formatter> json_format() { return std::make_unique<JsonFormat>(); }

}  // namespace sluice::engine
