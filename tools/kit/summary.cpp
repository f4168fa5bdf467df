#include "kit/summary.hpp"

#include <fstream>
#include <stdexcept>

#include "kit/figures.hpp"

namespace sluice::kit {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson read_report(const std::filesystem::path& file) {
  std::ifstream in(file);
  OrderedJson report = OrderedJson::parse(in, nullptr, false);
  if (!report.is_object()) throw std::runtime_error(file.string() + ": there is no report");
  return report;
}

std::uint64_t count_at(const OrderedJson& report, const char* pointer) {
  return report.value(OrderedJson::json_pointer(pointer), std::uint64_t{0});
}

std::string milliseconds_at(const OrderedJson& report, const std::string& pointer) {
  return fixed(report.value(OrderedJson::json_pointer(pointer), 0.0), 1);
}

}  // namespace

OrderedJson summarise(const SummaryFiles& files) {
  OrderedJson summary;
  const OrderedJson status = read_report(files.status);
  const OrderedJson pipelines = status.value("pipelines", OrderedJson::array());
  if (pipelines.empty())
    throw std::runtime_error(files.status.string() + ": the engine tells of no pipeline");

  OrderedJson engine = pipelines.front();
  engine["uptime_s"] = status.value("uptime_s", 0.0);
  const OrderedJson generator = read_report(files.generator);
  const OrderedJson verification = read_report(files.verification);
  summary["passed"] = verification.value("passed", false) && engine.value("state", "") == "drained" &&
                      count_at(generator, "/events") == count_at(verification, "/events/outbox");
  summary["events"] = count_at(generator, "/events");
  summary["generator"] = generator;
  summary["engine"] = engine;
  summary["verification"] = verification;
  return summary;
}

std::string summary_text(const OrderedJson& summary) {
  const OrderedJson& engine = summary.at("engine");
  const OrderedJson& verified = summary.at("verification");
  const auto rate = [&](const char* pointer) {
    return with_commas(static_cast<std::uint64_t>(engine.value(OrderedJson::json_pointer(pointer), 0.0)));
  };
  std::uint64_t held = 0;
  for (const OrderedJson& check : verified.at("checks")) held += check.value("passed", false) ? 1U : 0U;

  std::string text = summary.at("passed") == true ? "PASSED: " : "FAILED: ";
  text += with_commas(count_at(verified, "/events/outbox")) + " events in the outbox, " +
          with_commas(count_at(verified, "/events/applied")) + " applied, " +
          with_commas(count_at(verified, "/events/dead_letters")) + " dead letters; " + std::to_string(held) +
          " of " + std::to_string(verified.at("checks").size()) + " checks held\n";
  text += "  rate      " + rate("/rates/average") + "/s on average, " + rate("/rates/peak") +
          "/s at the peak; generated at " +
          with_commas(static_cast<std::uint64_t>(summary.at("generator").value("events_per_s", 0.0))) +
          "/s\n";
  text += "  latency   from the insert of a row to its document: p50 " +
          milliseconds_at(engine, "/latency_ms/total/p50") + ", p95 " +
          milliseconds_at(engine, "/latency_ms/total/p95") + ", p99 " +
          milliseconds_at(engine, "/latency_ms/total/p99") + ", max " +
          milliseconds_at(engine, "/latency_ms/total/max") + " ms\n";
  if (engine.value("state", "") != "drained")
    text +=
        "  engine    ended as " + engine.value("state", "unknown") + ": " + engine.value("reason", "") + "\n";
  return text;
}

}  // namespace sluice::kit
