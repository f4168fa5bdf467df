// The options of the source, and what they mean to it.
#pragma once

#include <string>
#include <vector>

#include "core/connector.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

enum class Where : std::uint8_t { error, earliest, latest };

struct SourceSettings {
  std::vector<std::string> topics;    // names, and patterns that begin with ^
  std::vector<std::string> left_out;  // patterns (client: topic.blacklist), of what patterns find
  std::string group;
  Where start = Where::earliest;      // where nobody has committed
  Where out_of_range = Where::error;  // where what was committed has been deleted
  std::string pipeline;

  [[nodiscard]] static bool is_pattern(const std::string& topic) noexcept { return topic.starts_with('^'); }
  // Whether the pattern finds a topic of this name, as librdkafka matches it.
  [[nodiscard]] bool finds(const std::string& pattern, const std::string& topic) const;
  // Which of `topics` takes in a topic of this name; null where none does.
  [[nodiscard]] const std::string* reads(const std::string& topic) const;
};

[[nodiscard]] const std::vector<OptionSpec>& source_options();

// Throws ConfigurationError.
[[nodiscard]] SourceSettings source_settings(const Options& options, const ConnectorContext& context);
[[nodiscard]] Conf source_conf(const Options& options, const ConnectorContext& context);

}  // namespace sluice::engine::kafka
