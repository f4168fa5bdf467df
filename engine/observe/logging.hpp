// The log: to stderr, with colours on a terminal, as JSON lines elsewhere.
#pragma once

#include <spdlog/logger.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::engine {

using Log = std::shared_ptr<spdlog::logger>;

enum class LogFormat : std::uint8_t { automatic, text, json };

// DEBUG, INFO, WARNING, ERROR in any case, as in Python's logging; WARN and OFF too.
[[nodiscard]] std::optional<spdlog::level::level_enum> parse_level(std::string_view text);
[[nodiscard]] std::optional<LogFormat> parse_log_format(std::string_view text);

// Thread-safe, as are all made from it by scoped(). Not registered anywhere: whoever logs is given it.
[[nodiscard]] Log make_log(spdlog::level::level_enum level, LogFormat format);

// The same log for one pipeline or component, whose name stands in each line.
[[nodiscard]] Log scoped(const Log& log, std::string name);

// For tests: how a line of each format looks.
[[nodiscard]] std::unique_ptr<spdlog::formatter> text_format();
[[nodiscard]] std::unique_ptr<spdlog::formatter> json_format();

}  // namespace sluice::engine
