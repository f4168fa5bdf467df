#include "examine/findings_text.hpp"

#include <nlohmann/json.hpp>

#include "observe/numbers.hpp"

namespace sluice::engine {
namespace {

using Json = nlohmann::ordered_json;

std::string_view label(FindingLevel level) {
  switch (level) {
    case FindingLevel::ok:
      return "ok       ";
    case FindingLevel::warning:
      return "WARNING  ";
    case FindingLevel::problem:
      return "PROBLEM  ";
  }
  return "";
}

std::size_t count(std::span<const PipelineFindings> pipelines, FindingLevel level) {
  std::size_t found = 0;
  for (const PipelineFindings& one : pipelines) found += one.findings.count(level);
  return found;
}

std::string number_of(std::size_t count, const std::string& noun) {
  return count == 0 ? "no " + noun : counted(count, noun);
}

}  // namespace

std::string findings_to_text(std::span<const PipelineFindings> pipelines) {
  std::string text;
  for (const PipelineFindings& one : pipelines) {
    text += one.pipeline + '\n';
    std::string_view part;
    for (const Finding& finding : one.findings.all()) {
      if (finding.part != part) text += "  " + finding.part + '\n';
      part = finding.part;
      text += "    " + std::string(label(finding.level)) + finding.subject + ": " + finding.what + '\n';
      if (!finding.remedy.empty()) text += "             -> " + finding.remedy + '\n';
    }
    text += '\n';
  }
  const std::size_t problems = count(pipelines, FindingLevel::problem);
  std::string summary = number_of(problems, "problem") + ", " +
                        number_of(count(pipelines, FindingLevel::warning), "warning") + '.';
  summary.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(summary.front())));
  return text + summary;
}

Json findings_to_json(std::span<const PipelineFindings> pipelines, std::span<const Problem> configuration) {
  const std::size_t problems = count(pipelines, FindingLevel::problem) + configuration.size();
  Json json = {{"healthy", problems == 0},
               {"problems", problems},
               {"warnings", count(pipelines, FindingLevel::warning)},
               {"configuration", Json::array()},
               {"pipelines", Json::array()}};
  for (const Problem& problem : configuration)
    json["configuration"].push_back({{"file", problem.place.path()},
                                     {"line", problem.place.line},
                                     {"column", problem.place.column},
                                     {"message", problem.message}});
  for (const PipelineFindings& one : pipelines) {
    Json findings = Json::array();
    for (const Finding& finding : one.findings.all())
      findings.push_back({{"level", to_text(finding.level)},
                          {"part", finding.part},
                          {"subject", finding.subject},
                          {"what", finding.what},
                          {"remedy", finding.remedy.empty() ? Json(nullptr) : Json(finding.remedy)}});
    json["pipelines"].push_back({{"pipeline", one.pipeline}, {"findings", std::move(findings)}});
  }
  return json;
}

}  // namespace sluice::engine
