// The outcome of a demo, from the reports of its parts.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace sluice::kit {

struct SummaryFiles {
  std::filesystem::path generator;     // generate --json
  std::filesystem::path status;        // the engine's last status file
  std::filesystem::path verification;  // verify --json-file
};

// One object with "passed" and the three reports, of the engine's what concerns its first pipeline. Passed is
// what was verified, generated whole, and left by an engine that drained. Throws std::runtime_error for a
// report that is not there.
[[nodiscard]] nlohmann::ordered_json summarise(const SummaryFiles& files);

// The same in a few lines for people.
[[nodiscard]] std::string summary_text(const nlohmann::ordered_json& summary);

}  // namespace sluice::kit
