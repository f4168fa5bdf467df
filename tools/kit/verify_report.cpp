#include <nlohmann/json.hpp>

#include "kit/figures.hpp"
#include "kit/verify.hpp"

namespace sluice::kit {
namespace {

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

}  // namespace

std::string to_json(const VerifyReport& report) {
  nlohmann::ordered_json json;
  json["passed"] = report.held();
  json["events"] = {
      {"outbox", report.events}, {"applied", report.applied}, {"dead_letters", report.dead_letters}};
  for (const auto& [name, count] : report.collections)
    json["collections"][name] = {{"expected", count.expected}, {"found", count.found}};
  for (const Check& check : report.checks)
    json["checks"].push_back({{"name", check.name},
                              {"passed", check.held()},
                              {"claim", check.claim},
                              {"looked_at", check.looked_at},
                              {"violations", check.violations},
                              {"examples", check.examples}});
  for (const auto& [name, documents] : report.latest) json["latest"][name] = documents;
  json["seconds"] = report.seconds;
  return json.dump(2);
}

std::string to_table(const VerifyReport& report) {
  std::string text;
  for (const Check& check : report.checks) {
    text += check.held() ? "  ok      " : "  FAILED  ";
    text += padded(check.name, 23) + check.claim + " (" + with_commas(check.looked_at) + " looked at";
    if (!check.held()) text += ", " + with_commas(check.violations) + " wrong";
    text += ")\n";
    for (const std::string& example : check.examples) text += "            " + example + "\n";
  }
  text += "  " + with_commas(report.events) + " events: " + with_commas(report.applied) + " applied, " +
          with_commas(report.dead_letters) + " dead letters; documents:";
  for (const auto& [name, count] : report.collections) text += " " + with_commas(count.found) + " " + name;
  text += "; looked at in " + fixed(report.seconds, 1) + " s\n";
  return text;
}

}  // namespace sluice::kit
